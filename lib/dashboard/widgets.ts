import {
  Color,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  MathExpression,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';

/** The grid's columns, shared by the widgets of a row. */
const COLUMNS = 24;
const HEIGHT = 6;

export type GraphProps = Pick<GraphWidgetProps, 'title' | 'left' | 'right' | 'leftAnnotations' | 'leftYAxis'>;

/** Graphs side by side. */
export const row = (...graphs: GraphProps[]): GraphWidget[] =>
  graphs.map(
    (props) => new GraphWidget({ ...props, width: Math.floor(COLUMNS / graphs.length), height: HEIGHT }),
  );

/** The heading of a section, over the whole width. */
export const heading = (markdown: string, height = 1): TextWidget =>
  new TextWidget({ markdown, width: COLUMNS, height, background: TextWidgetBackground.TRANSPARENT });

/** A line that something should stay below. */
export const limit = (value: number, label: string) => ({ value, label, color: Color.RED });

/**
 * The sum of several metrics, those without data counted as nothing.
 *
 * @param id begins the ids of its terms: no two in a widget may be the same
 */
export function sum(id: string, label: string, metrics: readonly IMetric[]): MathExpression {
  const named = Object.fromEntries(metrics.map((metric, index) => [`${id}${index}`, metric]));
  const terms = Object.keys(named).map((name) => `FILL(${name}, 0)`);
  return new MathExpression({ expression: terms.join(' + '), usingMetrics: named, label });
}
