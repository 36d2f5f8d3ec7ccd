import { type Expected, flawsOf } from './end-state.ts';
import { type Fault, faultsOf } from './faults.ts';
import { Platform } from './platform.ts';
import { NEVER_OPENS } from './provider-answers.ts';
import type { Scenario } from './scenarios.ts';
import { Story } from './story.ts';
import { World, type WorldOptions } from './world.ts';
import { emptyDeadLetters } from './dead-letters.ts';

/** One fault at one call of one scenario; without a fault it is the dry run. */
export interface Case {
  readonly scenario: Scenario;
  readonly fault?: { readonly call: string; readonly kind: Fault };
}

/** What came of a case. */
export interface Outcome {
  readonly flaws: readonly string[];
  readonly calls: readonly string[];
}

/** One fault, and what follows from it, may cost so many receives of the ten that a message has to spare. */
const MOST_RECEIVES = 4;
/** What a flaw tells of the handlers' log. */
const LOG_LINES = 20;
const LOG_WIDTH = 400;
const OVERRAN = 'it ran into the time limit of its function';
let stories = 0;

/** A world that cases are run in, one after the other. */
export class Lane {
  readonly #options: WorldOptions & { readonly patienceMs?: number };
  /** What the handlers logged in the present case. */
  readonly #logged: string[] = [];
  #world: World | undefined;
  #platform: Platform | undefined;

  constructor(options: WorldOptions & { readonly patienceMs?: number } = {}) {
    this.#options = options;
  }

  async close(): Promise<void> {
    await this.#world?.close();
    this.#world = undefined;
  }

  async run({ scenario, fault }: Case): Promise<Outcome> {
    const { handler, expected } = scenario;
    const world = await this.#open(scenario);
    const platform = (this.#platform ??= new Platform(world, this.#options.patienceMs));
    stories += 1;
    const aim = { handler, ...(fault === undefined ? {} : { fault }) };
    platform.mostReceives = 0;
    platform.held.clear();
    platform.admits = () => true;
    this.#logged.length = 0;
    const story = new Story({ world, platform, id: `story-${stories}`, aim });
    try {
      await scenario.run(story);
      const flaws = await flawsOf(world, story.incidentId, expected, platform.reach);
      flaws.push(...notWhatWasMeant(world, fault));
      if (expected.deadLetters === undefined && platform.mostReceives > MOST_RECEIVES)
        flaws.push(`a message was received ${platform.mostReceives} times`);
      if (flaws.length === 0) await this.#clear(world, expected);
      else await this.#giveUp(flaws);
      return { flaws, calls: world.aimed?.calls ?? [] };
    } catch (error) {
      const flaws = [String(error), ...(await flawsOf(world, story.incidentId, expected).catch(() => []))];
      if (world.aimed?.overran === true) flaws.push(OVERRAN);
      await this.#giveUp(flaws);
      return { flaws, calls: world.aimed?.calls ?? [] };
    }
  }

  /** Adds what there is to know, and leaves the world to itself. */
  async #giveUp(flaws: string[]): Promise<void> {
    flaws.push(...this.#logged.slice(-LOG_LINES).map((line) => `logged: ${line.slice(0, LOG_WIDTH)}`));
    await this.close();
  }

  async #open({ shortWindow, fewReceives }: Scenario): Promise<World> {
    if (this.#world !== undefined) return this.#world;
    this.#platform = undefined;
    this.#world = await World.open({
      env: { BREAKER_POLICY: JSON.stringify(NEVER_OPENS) },
      ...(shortWindow === true ? { windowSeconds: 1 } : {}),
      ...(fewReceives === true ? { maxReceiveCount: 4 } : {}),
      log: (line) => this.#logged.push(line),
      ...this.#options,
    });
    return this.#world;
  }

  async #clear(world: World, expected: Expected): Promise<void> {
    world.proxy.answerInstead = undefined;
    if (expected.deadLetters !== undefined) await emptyDeadLetters(world, expected.deadLetters);
  }
}

/** A case in which nothing went wrong where it should have proves nothing. */
function notWhatWasMeant(world: World, fault: Case['fault']): string[] {
  if (world.aimed === undefined) return ['the handler was never run'];
  if (world.aimed.overran) return [OVERRAN];
  const missed = fault !== undefined && !world.aimed.met ? [`${fault.call} was never made`] : [];
  return [...missed, ...world.proxy.errors.splice(0).map(String)];
}

/** Which kind of lane a scenario needs. */
export const laneKind = ({ shortWindow, fewReceives }: Scenario) =>
  shortWindow === true ? 'shortWindow' : fewReceives === true ? 'fewReceives' : 'usual';

/** Every fault at every call that the dry run made. */
export const casesOf = (scenario: Scenario, calls: readonly string[]): Case[] =>
  calls.flatMap((call) => faultsOf(call).map((kind) => ({ scenario, fault: { call, kind } })));
