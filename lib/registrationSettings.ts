/**
 * How a group is registered: which cluster it belongs to and how its instances appear there. These become the group's tags
 * (see the design's tag table) and the timeouts of its two lifecycle hooks.
 */
export interface RegistrationSettings {
  /** The cluster, a lower-case DNS label such as `web`. Groups that give the same cluster share its record. */
  readonly cluster: string;
  /** Port of the group's targets, 1 to 65535. @default 443 */
  readonly port?: number;
  /** The `_service` label of the SRV record, without the underscore; the same for every group of a cluster. @default `http` */
  readonly service?: string;
  /** Weight that a new instance starts with, 0 to 65535; 0 keeps it out of rotation until its tag says otherwise. @default 65535, full weight */
  readonly weight?: number;
  /** SRV priority, 0 to 65535; clients try the lowest first. @default 0 */
  readonly priority?: number;
  /** Time to live of the record, 1 to 2147483647 seconds; the lowest of the cluster's groups wins. @default 10 */
  readonly ttlSeconds?: number;
  /** How long a leaving instance stays at weight 0 once no resolver can hold the old weight any more, in seconds. @default 60 */
  readonly drainSeconds?: number;
  /** How long Auto Scaling holds a new instance at most while it is not in the record yet, 30 to 7200 seconds. @default 300 */
  readonly launchHookTimeoutSeconds?: number;
  /**
   * How long Auto Scaling holds a leaving instance at most, 30 to 7200 seconds. Must exceed the drain in full: propagation (60), time to
   * live, drain and slack (60).
   *
   * @default propagation (60) + `ttlSeconds` + `drainSeconds` + 300, at most 7200
   */
  readonly terminateHookTimeoutSeconds?: number;
}
