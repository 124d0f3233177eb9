import ipaddr from 'ipaddr.js';

const NETWORK_BYTES = 8;

/**
 * Whom a limit by address counts: an IPv4 address, or the /64 of an IPv6 address, since one subscriber has all of it (RFC 6177). An
 * IPv4 address inside an IPv6 one (RFC 4291, 2.5.5.2) is the IPv4 address.
 */
export function limitedAddress(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  return `${Buffer.from(address.toByteArray().slice(0, NETWORK_BYTES)).toString('hex')}/64`;
}
