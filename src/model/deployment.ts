/** What is told while a stack is deployed; JSON lines are these, as they are (docs/json.md). */
export type DeployEvent = DeployStarted | Change | ResourceEvent | Step | DeployWarning | Statements | Deployed;

export interface DeployStarted {
  readonly type: 'deploy';
  readonly stack: string;
  readonly region: string;
  readonly account: string;
  readonly action: 'create' | 'update';
  readonly dryRun: boolean;
}

/** What CloudFormation is going to do to a resource. */
export interface Change {
  readonly type: 'change';
  readonly action: 'add' | 'modify' | 'remove' | 'import' | 'dynamic';
  /** Its name in the template. */
  readonly resource: string;
  readonly resourceType: string;
  /** Whether a new one takes the place of the one that is there. */
  readonly replacement: boolean;
}

/** What happens to a resource, as CloudFormation tells it. */
export interface ResourceEvent {
  readonly type: 'resource';
  readonly resource: string;
  readonly resourceType: string;
  /** `CREATE_IN_PROGRESS`, `UPDATE_COMPLETE`, … */
  readonly status: string;
  /** Empty where there is none. */
  readonly reason: string;
}

/** What imgvar does itself. */
export interface Step {
  readonly type: 'step';
  readonly code:
    | 'artifacts-bucket-created'
    | 'code-uploaded'
    | 'code-unchanged'
    | 'failed-stack-removed'
    | 'empty-bucket-removed'
    | 'waiting-for-old-code'
    | 'notification-written'
    | 'eras-appended';
  /** A bucket, a key, or a number of seconds. */
  readonly detail: string;
}

export interface DeployWarning {
  readonly type: 'warning';
  readonly code: 'variants-of-a-failed-update' | 'bucket-left' | 'adopted';
  readonly message: string;
}

/** Policy statements that a bucket of one's own needs. */
export interface Statements {
  readonly type: 'statements';
  readonly bucket: string;
  readonly statements: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*' | { readonly Service: string };
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Deployed {
  readonly type: 'deployed';
  readonly stack: string;
  /**
   * `none` where the stack was as it should be; `failed` where CloudFormation did not come to its end; `interrupted` where it may go on,
   * and `cancelled` where it had not begun.
   */
  readonly outcome: 'created' | 'updated' | 'none' | 'dry-run' | 'failed' | 'interrupted' | 'cancelled';
  /** What the stack was left in, where it failed; else null. */
  readonly status: string | null;
  /** The outputs of the stack; none in a dry run of a new one. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Which resources failed, and why, the first first. */
  readonly failures: readonly ResourceEvent[];
  readonly seconds: number;
}
