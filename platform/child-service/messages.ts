/** What a service and its child process say to each other. All of it is copied by structured clone. */
export type ToChild =
  | { readonly kind: 'shared'; readonly batch: number; readonly shared: unknown }
  | { readonly kind: 'item'; readonly batch: number; readonly item: unknown }
  | { readonly kind: 'forget'; readonly batch: number };

export type FromChild =
  | { readonly kind: 'ready' }
  /** Sent when the work on an item enters a new step, so that the parent can say where it got stuck. */
  | { readonly kind: 'step'; readonly step: string }
  | { readonly kind: 'answer'; readonly answer: unknown }
  /** The last message before the child ends itself. */
  | { readonly kind: 'fault'; readonly message: string; readonly exhausted: boolean };
