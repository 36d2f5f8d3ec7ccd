import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../lambdas/domain/channel.ts';
import { METRICS } from '../../lambdas/domain/metrics.ts';
import { ofType } from '../support/resources.ts';
import { deployed, synthesise } from './synth.ts';

const { resources, settings } = synthesise();
const [[, dashboard] = [], ...more] = ofType(resources, 'AWS::CloudWatch::Dashboard');
const { widgets } = JSON.parse(deployed(dashboard?.Properties['DashboardBody'])) as {
  widgets: { type: string; y: number; properties: { title?: string; markdown?: string } }[];
};
const text = JSON.stringify(widgets);
const headings = widgets.flatMap(({ properties: { markdown } }) => markdown ?? []);

describe('the dashboard', () => {
  it('is one, named like the stack', () => {
    expect(more).toEqual([]);
    expect(dashboard?.Properties['DashboardName']).toBe(settings.stack_name);
  });

  it('shows the KPIs first, then the alarms, each channel, and the platform', () => {
    expect(headings.map((heading) => /^#+ (\S+)/.exec(heading)?.[1])).toEqual([
      'Incidents:',
      'How',
      ...CHANNELS,
      'Platform',
    ]);
    const rowOf = (title: string) => widgets.find(({ properties }) => properties.title === title)?.y ?? -1;
    const [kpis, alarms] = [rowOf('Time to acknowledge, last day'), rowOf('Alarms')];
    expect(kpis).toBeGreaterThan(0);
    expect(alarms).toBeGreaterThan(kpis);
    expect(rowOf('Executions')).toBeGreaterThan(alarms);
    const kpiTitles = widgets.filter(({ y }) => y === kpis).map(({ properties }) => properties.title);
    expect(kpiTitles).toEqual(expect.arrayContaining(['Escalated, last day', 'Queue depth']));
  });

  it('shows every metric that the functions write', () => {
    const missing = Object.values(METRICS).filter(({ name }) => !text.includes(name));
    expect(missing).toEqual([]);
  });

  it('has p50 and p90 of the time to acknowledge', () => {
    for (const statistic of ['p50', 'p90']) {
      const metric = `"${METRICS.timeToAcknowledge.name}","service","incident-orchestrator",`;
      expect(text).toMatch(new RegExp(`${metric}[^\\]]*"stat":"${statistic}"`));
    }
  });
});

describe('Slack and Discord', () => {
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm')
    .map(([, { Properties: properties }]) => properties)
    .filter(({ AlarmName: name }) => String(name).includes('answer-too-slow'));

  it('answered later than after 3 s raise an alarm', () => {
    const routes = alarms.flatMap(({ Dimensions: dimensions }) =>
      (dimensions as { Name: string; Value: string }[])
        .filter(({ Name }) => Name === 'route')
        .map(({ Value }) => Value),
    );
    expect(routes).toEqual(['POST /slack/interactions', 'POST /slack/events', 'POST /discord/interactions']);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        MetricName: METRICS.answerTime.name,
        Statistic: 'Maximum',
        Threshold: 3_000,
        ComparisonOperator: 'GreaterThanThreshold',
      });
    }
  });

  it('are answered on routes that exist', () => {
    const deployedRoutes = ofType(resources, 'AWS::ApiGatewayV2::Route').map(
      ([, each]) => each.Properties['RouteKey'],
    );
    for (const alarm of alarms) {
      const values = (alarm['Dimensions'] as { Value: string }[]).map(({ Value }) => Value);
      expect(deployedRoutes.filter((each) => values.includes(String(each)))).toHaveLength(1);
    }
  });
});
