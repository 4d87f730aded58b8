/**
 * The environment of the function: the one seam between `lib/`, which sets these variables, and `lambda/`, which reads them. `lib/` imports
 * this type only, so that a misspelt variable does not compile.
 */
export interface Settings {
  /** Id of the hosted zone that holds the records, without `/hostedzone/`. */
  readonly HOSTED_ZONE_ID: string;
  /** Name of that zone, lower case, without a trailing dot. */
  readonly ZONE_NAME: string;
  /** Names this deployment in the registry entries it writes, so that two deployments never touch each other's records; at most 128 characters. */
  readonly DEPLOYMENT_ID: string;
  /** URL of the queue that wakes the function, and that it sends its own wake-ups to. */
  readonly QUEUE_URL: string;
}
