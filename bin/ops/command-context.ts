import { DeliveryStore } from '../../lambdas/aws/delivery-store.ts';
import { IncidentStore } from '../../lambdas/aws/incident-store.ts';
import { type Clients, clientsFor } from './target/clients.ts';
import { type Deployment, readDeployment } from './target/deployment.ts';
import type { Target } from './target/target.ts';
import type { Terminal } from './cli/terminal.ts';

/** What a command works with. */
export class CommandContext {
  readonly target: Target;
  readonly clients: Clients;
  readonly terminal: Terminal;
  readonly now: () => Date;
  #deployment: Promise<Deployment> | undefined;

  constructor(target: Target, terminal: Terminal, now: () => Date = () => new Date()) {
    this.target = target;
    this.clients = clientsFor(target);
    this.terminal = terminal;
    this.now = now;
  }

  /** @throws OpsError when the stack is not deployed */
  deployment(): Promise<Deployment> {
    return (this.#deployment ??= readDeployment(this.target, this.clients));
  }

  async table(): Promise<string> {
    return (await this.deployment()).ingest.TABLE_NAME;
  }

  async incidents(): Promise<IncidentStore> {
    return new IncidentStore(this.clients.dynamoDb, await this.table());
  }

  async deliveries(): Promise<DeliveryStore> {
    return new DeliveryStore(this.clients.dynamoDb, await this.table());
  }

  /** Tells how it goes: on standard error, so that standard output has the result alone. */
  note(text: string): void {
    this.terminal.note(text);
  }
}
