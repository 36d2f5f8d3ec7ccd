/**
 * Stands in for `semver` inside our bundles. The X-Ray SDK asks it for one thing only: whether a version 2 of the AWS
 * SDK is new enough to be patched. There is none here.
 */
export function lt(): never {
  throw new Error('Version 2 of the AWS SDK is not traced');
}
