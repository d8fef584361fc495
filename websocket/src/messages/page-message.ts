import type { ScenarioOffer } from './commands.ts';
import type { Events } from './events.ts';
import type { Picture } from './picture.ts';
import type { Seconds } from './shop-seconds.ts';

export interface Welcome {
  type: 'welcome';
  /** Changes when the server restarts. */
  stream: string;
  topics: string[];
  /** Topics whose events are listed only when they are chosen. */
  reports: string[];
  /** Who may send commands: everyone, no one, or who knows the token. */
  control: 'on' | 'off' | 'token';
  scenarios: ScenarioOffer[];
}

export type PageMessage = Welcome | Picture | Seconds | Events;
