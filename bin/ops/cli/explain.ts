import { isNamed, messageOf, OpsError } from './errors.ts';

/** What an operator can do about an error that no command expected. */
export function explain(error: unknown): OpsError {
  const message = messageOf(error);
  const because = (what: string, advice: string) => new OpsError(what, advice, { cause: error });
  if (isNamed(error, 'CredentialsProviderError')) {
    return because(
      'There are no AWS credentials, and no local run to talk to.',
      'Sign in (aws sso login, or AWS_PROFILE=<name>), or start a local run: npm start',
    );
  }
  if (message === 'Region is missing') {
    return because('No AWS region is set.', 'AWS_REGION=<region> npm run ops -- …');
  }
  if (
    isNamed(
      error,
      'ExpiredTokenException',
      'ExpiredToken',
      'UnrecognizedClientException',
      'InvalidClientTokenId',
    )
  ) {
    return because(`AWS does not take these credentials: ${message}`, 'Sign in again: aws sso login');
  }
  if (isNamed(error, 'AccessDeniedException', 'AccessDenied', 'AuthorizationErrorException')) {
    return because(
      `These credentials may not do that: ${message}`,
      'Use a role that may; see docs/runbooks/automation.md',
    );
  }
  if (isNamed(error, 'TimeoutError', 'NetworkingError') || /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(message)) {
    return because(`AWS could not be reached: ${message}`, 'Check the network, then run it again');
  }
  return because(
    `${error instanceof Error ? error.name : 'Error'}: ${message}`,
    'Run it again; if it stays, see docs/runbooks/automation.md',
  );
}
