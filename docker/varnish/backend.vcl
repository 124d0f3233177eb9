# Where the API is, and who may purge. Tests put their own version of this file in its place.
#
# Varnish takes one address for each backend and looks it up when the VCL is loaded. For several API instances declare a backend
# for each, and set req.backend_hint from a director of vmod directors.

backend api {
  .host = "api";
  .port = "4000";
  .connect_timeout = 2s;
  .first_byte_timeout = 60s;
  .between_bytes_timeout = 60s;
}

# Second lock on the purge listener: loopback and the ranges that container networks are taken from.
acl purgers {
  "127.0.0.0"/8;
  "::1";
  "10.0.0.0"/8;
  "172.16.0.0"/12;
  "192.168.0.0"/16;
  "fc00::"/7;
}
