import {
  GetEventSourceMappingCommand,
  type LambdaClient,
  ResourceInUseException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';

/** The event source mappings through which a channel's worker gets its messages. */
export class ChannelMappings {
  readonly #client: LambdaClient;
  readonly #ids: readonly string[];

  /** @param ids the mappings' UUIDs */
  constructor(client: LambdaClient, ids: readonly string[]) {
    this.#client = client;
    this.#ids = ids;
  }

  /**
   * Makes every mapping enabled or disabled, if it is not. AWS takes up to a minute to follow, and refuses a mapping
   * that is being changed: that one is left to the next run.
   *
   * @returns how many were switched
   */
  async align(enabled: boolean): Promise<number> {
    const switched = await Promise.all(this.#ids.map((id) => this.#alignOne(id, enabled)));
    return switched.filter(Boolean).length;
  }

  async #alignOne(UUID: string, enabled: boolean): Promise<boolean> {
    const { State: state = '' } = await this.#client.send(new GetEventSourceMappingCommand({ UUID }));
    if ((enabled ? ['Enabled', 'Enabling'] : ['Disabled', 'Disabling']).includes(state)) return false;
    try {
      await this.#client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
      return true;
    } catch (error) {
      if (error instanceof ResourceInUseException) return false;
      throw error;
    }
  }
}
