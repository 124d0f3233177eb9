import { limitedAddress } from './client-address';

describe('whom a limit by address counts', () => {
  it.each([
    ['an IPv4 address', '203.0.113.7', '203.0.113.7'],
    ['the same, inside IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['the same, written in hexadecimal', '::ffff:cb00:7107', '203.0.113.7'],
    ['an IPv6 address', '2001:db8:1:2:3:4:5:6', '20010db800010002/64'],
    ['its neighbour in the same /64', '2001:db8:1:2::1', '20010db800010002/64'],
    ['the next /64', '2001:db8:1:3::1', '20010db800010003/64'],
    ['what is no address', 'unknown', 'unknown'],
  ])('%s', (_what, ip, expected) => {
    expect(limitedAddress(ip)).toBe(expected);
  });
});
