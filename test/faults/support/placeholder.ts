/** Where the template says the providers are; each world puts its own address in its place. */
export const PROVIDERS_PLACEHOLDER = 'http://providers.invalid';
