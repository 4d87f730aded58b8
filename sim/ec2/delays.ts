/** From `pending` to `running`, after a launch or a start. */
export const bootSeconds = 5;
/** From `stopping` to `stopped`. */
export const stopSeconds = 6;
/** From `shutting-down` to `terminated` in an orderly shutdown. */
export const shutdownSeconds = 8;
/** From `shutting-down` to `terminated` for a host that died. */
export const crashSeconds = 2;
/** How long a terminated instance keeps all of its tags. */
export const tagsKeptSeconds = 300;
/** After that, the time from one vanishing tag to the next. */
export const tagVanishesSeconds = 30;
/** How long DescribeInstances still shows a terminated instance. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html */
export const terminatedShownSeconds = 3600;
/** From the warning to the reclaim of a spot instance. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
export const spotWarningSeconds = 120;
