/** What a user can get wrong, or must mend before work can go on. */
export type UserErrorCode =
  | 'usage'
  | 'config-invalid'
  | 'config-exists'
  | 'config-not-found'
  | 'manifest-invalid'
  | 'manifest-unreadable'
  | 'location-unsupported'
  | 'location-missing'
  | 'location-not-a-folder'
  | 'location-unreadable'
  | 'location-unwritable'
  | 'location-unordered'
  | 'locations-overlap'
  | 'locked'
  | 'port-taken'
  | 'ledger-mismatch'
  | 'ledger-damaged'
  | 'checkpoint-mismatch'
  | 'checkpoint-damaged'
  | 'credentials-missing'
  | 'credentials-wrong'
  | 'credentials-expired'
  | 'endpoint-unreachable'
  | 'region-wrong'
  | 'clock-wrong'
  | 'cost-unconfirmed'
  | 'price-missing'
  | 'function-unnamed'
  | 'function-missing'
  | 'function-forbidden'
  | 'function-refused'
  | 'function-foreign'
  | 'function-outdated'
  | 'function-elsewhere'
  | 'function-failing'
  | 'function-throttled'
  | 'prices-invalid'
  | 'access-denied'
  | 'aws-refused'
  | 'bundle-missing'
  | 'bucket-taken'
  | 'bucket-missing'
  | 'notification-overlap'
  | 'stack-refused'
  | 'stack-broken'
  | 'specs-unchosen'
  | 'originals-empty'
  | 'too-many-removals'
  | 'removal-unconfirmed'
  | 'removal-changed'
  | 'distribution-unnamed'
  | 'distribution-missing';

/**
 * A user's mistake: nothing was harmed, and the message is one clear sentence that names the thing and the next step.
 * The command line prints it without a stack trace and exits with 2.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly code: UserErrorCode,
    message: string,
  ) {
    super(message);
  }
}
