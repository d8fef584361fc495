/** A command that a visitor sent, and what became of it. Times are milliseconds since 1970. */
export interface CommandLine {
  command_id: string;
  target: string;
  command: string;
  /** When Kafka got it. */
  at: number;
  /** The command's other fields, such as `orders_per_second`. */
  fields: Record<string, unknown>;
  /** `null` while no service has answered. */
  result: CommandResultLine | null;
}

export interface CommandResultLine {
  status: 'done' | 'refused' | 'expired';
  reason: string | null;
  instance: string;
  at: number;
  /** The answer's other fields, such as `order_id`. */
  details: Record<string, unknown>;
}

/** A scenario that a visitor can run. */
export interface ScenarioOffer {
  name: string;
  /** What will happen. */
  about: string;
  seconds: number;
}

/** The last scenario of websocket, for all pages. */
export interface ScenarioLine {
  name: string;
  about: string;
  since: number;
  /** When every service has gone back to its settings, at the latest. */
  until: number;
  /** How it ended: by itself, by `reset`, or because websocket restarted. `null` while it runs. */
  ended: 'complete' | 'reset' | 'interrupted' | null;
}

/** What commands have set at a service, until it goes back to its settings. */
export interface SettingsLine {
  target: string;
  /** Such as `orders_per_second`. */
  fields: Record<string, number>;
}

/** A service that a command crashed or froze, and what it meant for orders. */
export interface FaultLine {
  command_id: string;
  service: string;
  fault: 'crash' | 'freeze';
  since: number;
  /** When the service reported that it is ready again; `null` while it is down. */
  recovered_at: number | null;
  /** When every order placed before that had its outcome. */
  caught_up_at: number | null;
  /** Most orders without an outcome at once. */
  most_waiting: number;
}
