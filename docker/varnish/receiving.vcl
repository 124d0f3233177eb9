# What comes in: believed, cleaned or refused, and then looked up or passed.

sub vcl_recv {
  if (req.restarts == 0) {
    call forget_what_only_we_may_say;
    call refuse_on_purge_listener;
    call purge_by_tag;
    call refuse;
  } elsif (req.http.X-Edge-Step == "position") {
    # The stored answer is behind the position asked for.
    set req.hash_always_miss = true;
  }
  call pass_what_is_never_stored;

  # A stored answer may depend on nothing that is not in its key.
  set req.http.Host = "innkeep";
  unset req.http.Cookie;
  # The API answers whole, so that is what a client is given from here too.
  unset req.http.Range;
  unset req.http.If-Range;
  set req.url = regsub(req.url, "\??(?:#.*)?$", "");
  # Sorting is safe only as long as no parameter is repeated: among equals the order may mean something.
  if (req.url !~ "[?&]([^=&]+)=[^&]*&(?:.*&)?\1(?:=|&|$)") {
    set req.url = std.querysort(req.url);
  }
  call learn_partition;
  return (hash);
}

# A private answer is looked for under the caller's partition. Who has not got one is looked up first, as if that had been asked for;
# vcl_deliver comes back here with what was learned.
sub learn_partition {
  if (!req.http.Authorization || req.http.X-Tenant-Partition) {
    return;
  }
  if (req.http.X-Edge-Step == "refused") {
    return (pass);
  }
  set req.http.X-Edge-Step = "context";
  set req.http.X-Edge-Url = req.url;
  set req.url = "/v1/edge/context";
}

sub forget_what_only_we_may_say {
  unset req.http.X-Org-Key;
  unset req.http.X-Tenant-Partition;
  unset req.http.X-Cache-Tags;
  unset req.http.Cache-Tag;
  unset req.http.X-Data-Version;
  unset req.http.X-User-Id;
  unset req.http.Surrogate-Key;
  unset req.http.Surrogate-Control;
  unset req.http.Surrogate-Capability;
  unset req.http.CDN-Cache-Control;
  unset req.http.X-Edge-Path;
  unset req.http.X-Edge-Purged;
  unset req.http.X-Edge-Debug;
  unset req.http.X-Edge-Step;
  unset req.http.X-Edge-Url;

  # A proxy in front hands the client's address over by the PROXY protocol (varnishd -a ...,PROXY), never by header.
  unset req.http.Forwarded;
  unset req.http.X-Real-IP;
  unset req.http.X-Forwarded-Host;
  unset req.http.X-Forwarded-Port;
  unset req.http.X-Forwarded-Prefix;
  unset req.http.X-Forwarded-Server;
  unset req.http.X-Forwarded-Scheme;
  unset req.http.X-Forwarded-Ssl;
  set req.http.X-Forwarded-For = client.ip;
  set req.http.X-Forwarded-Proto = "http";
  if (proxy.is_ssl()) {
    set req.http.X-Forwarded-Proto = "https";
  }

  # Only who knows the edge's own token is shown tags and lifetimes. Without a token nobody is.
  if (std.getenv("EDGE_DEBUG_TOKEN") ~ "^.{16,}$" && req.http.Innkeep-Edge-Debug == std.getenv("EDGE_DEBUG_TOKEN")) {
    set req.http.X-Edge-Debug = "yes";
  }
  unset req.http.Innkeep-Edge-Debug;

  # Repeated headers become one value, so that what is looked at here is what the API sees.
  std.collect(req.http.Authorization);
  std.collect(req.http.Innkeep-Min-Position);
}

sub refuse {
  if (req.method == "PURGE" || req.method == "TRACE" || req.method == "CONNECT" || req.method == "PRI") {
    return (synth(405));
  }
  if (!req.http.Host && req.proto == "HTTP/1.1") {
    return (synth(400));
  }
  # A body would be dropped on the way to the API, where the same request without the edge would have been read differently.
  if ((req.method == "GET" || req.method == "HEAD") && (req.http.Transfer-Encoding || req.http.Content-Length ~ "[1-9]")) {
    return (synth(400));
  }
  # Letters and digits need no escaping. The API decodes them, so another spelling of a path would get round the rules below.
  if (req.url ~ "(?i)^[^?]*%(2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])") {
    return (synth(400));
  }
  # Metrics are read inside the network, from each instance.
  if (req.url ~ "^/metrics([/?;#]|$)") {
    return (synth(404));
  }
  # Where the edge learns who calls; nobody else has business there.
  if (req.url ~ "^/+(v[0-9]+/+)?edge([/?;#]|$)") {
    return (synth(404));
  }
  # No sockets: clients stream over plain HTTP.
  unset req.http.Upgrade;
}

sub pass_what_is_never_stored {
  if (req.method != "GET" && req.method != "HEAD") {
    return (pass);
  }
  if (req.url ~ "^/(health|admin)([/?;#]|$)") {
    return (pass);
  }
  if (req.url ~ "^/(v[0-9]+/)?([a-z-]+/)?realtime([/?;#]|$)") {
    # A stream is open for as long as the client wants; it ends by silence, not by length. Nobody waits for somebody else's poll.
    set sess.send_timeout = 1d;
    return (pass);
  }
  # Files behind a link, which may be asked for in part.
  if (req.url ~ "^/v[0-9]+/(documents/[^/?]+/content|(organization/)?exports/[^/?]+/file)([?#]|$)") {
    return (pass);
  }
  # The API is to say what is wrong with it.
  if (req.http.Innkeep-Min-Position && req.http.Innkeep-Min-Position !~ "^[0-9]{1,16}$") {
    return (pass);
  }
  # A token that has ended is not worth a lookup. Nothing is verified here: that is done by the API, once for each token that is not
  # known. Credentials that are not a JWT are known for as long as the API says.
  if (req.http.Authorization ~ "(?i)^bearer +[\w-]+\.(?:[\w-]{4})*(?:[\w-]{2,3})?\.[\w-]+$") {
    if (std.integer(regsub(blob.transcode(decoding = BASE64URLNOPAD, encoding = IDENTITY,
          encoded = regsub(req.http.Authorization, "^[^.]*\.([^.]*)\..*$", "\1")),
          {"(?s)^.*"exp"\s*:\s*([0-9]{1,12}).*$"}, "\1"), 99999999999) <= std.time2integer(now, 0)) {
      return (pass);
    }
  }
}
