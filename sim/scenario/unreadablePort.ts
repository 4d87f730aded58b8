/** What no port is: a group's tag `srv_port` with this text makes its hosts unmanageable until an operator mends it. */
export const unreadablePort = 'many';
