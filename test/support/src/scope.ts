/** Takes functions that clean up when its work ends. A `TestContext` is one. */
export interface Scope {
  after(close: () => unknown): void;
}
