/** An idempotent step of the demo. */
export interface Step {
  readonly name: string;
  readonly title: string;
  readonly run: () => Promise<StepResult>;
}

export interface StepResult {
  readonly workflow_id?: string;
  /** One line for people. */
  readonly says: string;
}
