/** What is said to a function's process, and what it answers. All of it is JSON. */
export type ToFunction =
  | {
      readonly type: 'load';
      /** A module that exports `handler`, as a URL. */
      readonly module: string;
      readonly name: string;
    }
  /** @param deadline when it is ended, in milliseconds since 1970 */
  | { readonly type: 'invoke'; readonly event: unknown; readonly deadline: number };

export type FromFunction = { readonly type: 'done' } | { readonly type: 'error'; readonly message: string };
