/**
 * Stands in, inside our bundles, for the credential providers that the AWS SDK's default chain tries on a laptop or a
 * virtual machine. Lambda hands credentials over in the environment, or from its container endpoint: both of those
 * stay as they are. See docs/adr/0020-what-the-bundles-leave-out.md.
 */
class NotBundled extends Error {
  /** By these two the chain knows that it may go on to its next link. */
  override readonly name = 'CredentialsProviderError';
  readonly tryNextLink = true;
}

const absent = (provider: string) => () => () =>
  Promise.reject(new NotBundled(`Credentials from ${provider} are not bundled: Lambda has no use for them`));

// @aws-sdk/credential-provider-sso, -ini, -process and -web-identity.
export const fromSSO = absent('SSO');
export const fromIni = absent('the profile files');
export const fromProcess = absent('a credential process');
export const fromTokenFile = absent('a web identity');

// @smithy/credential-provider-imds. The chain asks it for these names, then @aws-sdk/credential-provider-http for the
// credentials that they lead to.
export const ENV_CMDS_FULL_URI = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
export const ENV_CMDS_RELATIVE_URI = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
export const fromContainerMetadata = absent('the old container endpoint');
export const fromInstanceMetadata = absent('the instance metadata of EC2');
