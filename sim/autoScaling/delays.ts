/** From one state of a member to the next where nothing has to be waited for. */
export const transitionSeconds = 1;
/** How long a member that is done, `Terminated` or `Detached`, still shows in its group. */
export const goneSeconds = 1;
/** From the death of an instance to its group's noticing. */
export const healthCheckSeconds = 20;
