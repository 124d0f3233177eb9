# PURGE / with `xkey-purge: tag tag ...` removes, with `xkey-softpurge: tag tag ...` makes stale.
#
# Accepted only on the listener named "purge" (varnishd -a purge=...), which is never published: on the public listener the address
# of a client may be that of a gateway or a load balancer, and an address range alone would let the world purge.

sub refuse_on_purge_listener {
  if (local.socket == "purge" && req.method != "PURGE") {
    return (synth(405));
  }
}

sub purge_by_tag {
  if (req.method == "PURGE") {
    if (local.socket != "purge") {
      return (synth(405));
    }
    if (client.ip !~ purgers) {
      return (synth(403));
    }
    std.collect(req.http.xkey-purge, " ");
    std.collect(req.http.xkey-softpurge, " ");
    if (req.http.xkey-purge !~ "\S" && req.http.xkey-softpurge !~ "\S") {
      return (synth(400));
    }
    # Objects that may be stale for longer than 3 s are registered as "long/<tag>" (see storing.vcl): for them soft is hard, or an
    # answer known to be wrong would be served for minutes.
    set req.http.X-Edge-Purged = xkey.purge(req.http.xkey-purge)
      + xkey.purge(regsuball(req.http.xkey-purge, "[^ ,]+", "long/\0"))
      + xkey.softpurge(req.http.xkey-softpurge)
      + xkey.purge(regsuball(req.http.xkey-softpurge, "[^ ,]+", "long/\0"));
    return (synth(200));
  }
}
