vcl 4.1;

# The edge: Varnish 7.1 with vmod xkey (Debian: varnish, varnish-modules). What it relies on, and what it promises:
#
#  - An answer is stored only if the API says so in CDN-Cache-Control (RFC 9213). Cache-Control speaks to browsers alone.
#  - The key of a private answer holds the caller's tenant partition: organization, role, properties. The edge asks the API for it with
#    the caller's own token and keeps what it learns for as long as the token lives, or until it is purged. Without it nothing is stored.
#  - Innkeep-Min-Position is obeyed: nothing is served from behind it.
#  - Tags (Surrogate-Key) purge. They, and all that is between the API and the edge, never reach a client.
#
# backend.vcl is the only file that knows the network. Everything else is the same on a laptop, in tests and in production.

import blob;
import proxy;
import purge;
import std;
import xkey;

include "./backend.vcl";
include "./purging.vcl";
include "./receiving.vcl";
include "./looking-up.vcl";
include "./storing.vcl";
include "./delivering.vcl";
