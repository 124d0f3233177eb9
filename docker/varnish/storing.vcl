# What the API answers, and whether and for how long it is kept.

sub vcl_backend_fetch {
  unset bereq.http.X-Edge-Path;
  unset bereq.http.X-Edge-Debug;
  unset bereq.http.X-Edge-Step;
  unset bereq.http.X-Edge-Url;
  if (bereq.url == "/v1/edge/context") {
    # Of what the client sent only its token matters.
    unset bereq.http.Innkeep-Min-Position;
    unset bereq.http.Origin;
    unset bereq.http.X-Request-Id;
  }
  # On the public listener these are nothing but noise.
  unset bereq.http.xkey-purge;
  unset bereq.http.xkey-softpurge;
  if (bereq.url ~ "^/(v[0-9]+/)?([a-z-]+/)?realtime([/?;#]|$)") {
    # Long polls answer late; streams send a comment from time to time.
    set bereq.first_byte_timeout = 120s;
    set bereq.between_bytes_timeout = 120s;
  }
  return (fetch);
}

sub vcl_backend_response {
  # The lifetime leaves the stored answer, so that a 304, which is merged with it, has to bring one of its own.
  std.collect(beresp.http.CDN-Cache-Control);
  set beresp.http.X-Edge-Lifetime = beresp.http.CDN-Cache-Control;
  unset beresp.http.CDN-Cache-Control;
  # A stored answer was at hand and the API was asked whether it still holds.
  unset beresp.http.X-Edge-Stale;
  if (bereq.http.If-None-Match && !bereq.uncacheable) {
    set beresp.http.X-Edge-Stale = "yes";
  }
  if (bereq.uncacheable) {
    # Passed: streams are handed on piece by piece as they come.
    set beresp.do_stream = true;
    return (deliver);
  }
  if (beresp.status >= 500 && bereq.is_bgfetch) {
    # What is stale may stay for the rest of its grace; an error would take its place.
    return (abandon);
  }
  if (beresp.status != 200) {
    # Not stored. For a second the key is known as one that is not, so that those who waited for this answer do not queue.
    set beresp.uncacheable = true;
    set beresp.ttl = 1s;
    return (deliver);
  }
  call read_lifetime;
  # The key of a request without Authorization is everybody's, whatever else it was let in by.
  if (!bereq.http.Authorization && beresp.http.Cache-Control !~ "(?i)(?:^|,)[ \t]*public[ \t]*(?:,|$)") {
    set beresp.ttl = 0s;
  }
  if (beresp.ttl <= 0s || beresp.http.Set-Cookie || beresp.http.Vary ~ "\*") {
    set beresp.uncacheable = true;
    set beresp.ttl = 120s;
    return (deliver);
  }
  # The key holds the partition, which says more than the token does: what varies by it is the same for all who share the key.
  if (beresp.http.Vary ~ "(?i)authorization") {
    set beresp.http.X-Edge-Vary = beresp.http.Vary;
    set beresp.http.Vary = regsub(regsuball(beresp.http.Vary, "(?i)(^|,)[ \t]*authorization[ \t]*(?=,|$)", ""), "^[, ]+", "");
    if (beresp.http.Vary == "") {
      unset beresp.http.Vary;
    }
  }
  # For a while after it may no longer be served, its ETag saves the API from building the same body again.
  set beresp.keep = 60s;
  if (bereq.url == "/v1/edge/context") {
    # Who may no longer come in is not asked about in the words of yesterday.
    set beresp.grace = 0s;
    set beresp.keep = 0s;
  }
  std.collect(beresp.http.Surrogate-Key, " ");
  set beresp.http.xkey = beresp.http.Surrogate-Key;
  if (beresp.grace > 3s) {
    set beresp.http.xkey = regsuball(beresp.http.Surrogate-Key, "[^ ,]+", "long/\0");
  }
  return (deliver);
}

# CDN-Cache-Control is a dictionary (RFC 8941): whole numbers only, and the last of several equal names counts. What cannot be read
# gives no lifetime.
sub read_lifetime {
  set beresp.ttl = 0s;
  set beresp.grace = 0s;
  if (beresp.http.X-Edge-Lifetime ~ "(?:^|,)[ \t]*(?:no-store|no-cache|private)[ \t]*(?:[=;,]|$)") {
    return;
  }
  if (beresp.http.X-Edge-Lifetime ~ "(?:^|,)[ \t]*max-age=[0-9]{1,9}[ \t]*(?:;[^,]*)?(?:,|$)") {
    set beresp.ttl = std.duration(
      regsub(beresp.http.X-Edge-Lifetime, "^(?:.*,)?[ \t]*max-age=([0-9]{1,9})(?:[ \t;,].*)?$", "\1s"), 0s);
  }
  if (beresp.http.X-Edge-Lifetime ~ "(?:^|,)[ \t]*stale-while-revalidate=[0-9]{1,9}[ \t]*(?:;[^,]*)?(?:,|$)") {
    set beresp.grace = std.duration(
      regsub(beresp.http.X-Edge-Lifetime, "^(?:.*,)?[ \t]*stale-while-revalidate=([0-9]{1,9})(?:[ \t;,].*)?$", "\1s"), 0s);
  }
}

sub vcl_backend_error {
  if (bereq.is_bgfetch) {
    return (abandon);
  }
  set beresp.uncacheable = true;
  set beresp.ttl = 1s;
  set beresp.grace = 0s;
  set beresp.keep = 0s;
  set beresp.http.Content-Type = "application/problem+json";
  set beresp.http.Cache-Control = "no-store";
  set beresp.http.Retry-After = "1";
  # 502 and 504 say no more to a client than that it may try again.
  set beresp.status = 503;
  set beresp.body = {"{"type":"/problems/service-unavailable","title":"The service cannot answer right now","}
    + {""code":"service-unavailable","requestId":"edge-"} + bereq.xid + {"","status":503}"};
  return (deliver);
}
