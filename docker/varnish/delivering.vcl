# What goes out, whatever it is: stored, passed, refused or failed.

sub vcl_deliver {
  if (req.http.X-Edge-Step == "context") {
    call keep_partition;
    return (restart);
  }
  call tell_cache_status;
  if (req.http.X-Edge-Debug) {
    set resp.http.Innkeep-Edge-Tags = resp.http.Surrogate-Key;
    set resp.http.Innkeep-Edge-Lifetime = resp.http.X-Edge-Lifetime;
    set resp.http.Innkeep-Edge-Age = resp.http.Age;
  }
  if (req.http.X-Edge-Path == "hit") {
    # Purges keep a stored answer current, so its age says nothing about it. Browsers count their own max-age from Age and Date:
    # with those of the stored answer they would take what they have just been given for expired.
    set resp.http.Date = now;
    # These belong to the request that filled the cache.
    set resp.http.X-Request-Id = "edge-" + req.xid;
    unset resp.http.Server-Timing;
    unset resp.http.RateLimit;
    unset resp.http.RateLimit-Policy;
  }
  if (resp.http.X-Edge-Vary) {
    set resp.http.Vary = resp.http.X-Edge-Vary;
  }
  call strip;
  return (deliver);
}

# What the lookup has told. Whoever the API does not know goes on to it unstored, and is told what is wrong.
sub keep_partition {
  set req.url = req.http.X-Edge-Url;
  set req.http.X-Edge-Step = "refused";
  if (resp.status == 200 && resp.http.X-Tenant-Partition ~ "^[A-Za-z0-9_-]{16,64}$") {
    set req.http.X-Edge-Step = "known";
    set req.http.X-Tenant-Partition = resp.http.X-Tenant-Partition;
  }
}

# RFC 9211. On a hit the API's own members are those of the request that filled the cache, so only ours is said.
sub tell_cache_status {
  std.collect(resp.http.Cache-Status);
  if (req.http.X-Edge-Path == "hit") {
    set resp.http.Cache-Status = "innkeep-edge; hit";
    if (obj.ttl < 0s) {
      set resp.http.Cache-Status = resp.http.Cache-Status + "; ttl=" + std.integer(duration = obj.ttl);
    }
    return;
  }
  if (resp.http.X-Edge-Stale && req.http.X-Edge-Path == "uri-miss") {
    set req.http.X-Edge-Path = "stale";
  }
  if (resp.http.Cache-Status) {
    set resp.http.Cache-Status = resp.http.Cache-Status + ", innkeep-edge; fwd=" + req.http.X-Edge-Path;
  } else {
    set resp.http.Cache-Status = "innkeep-edge; fwd=" + req.http.X-Edge-Path;
  }
  if (!obj.uncacheable) {
    set resp.http.Cache-Status = resp.http.Cache-Status + "; stored";
  }
}

sub strip {
  unset resp.http.Surrogate-Key;
  unset resp.http.Surrogate-Control;
  unset resp.http.CDN-Cache-Control;
  unset resp.http.Cache-Tag;
  unset resp.http.X-Cache-Tags;
  unset resp.http.X-Org-Key;
  unset resp.http.X-Tenant-Partition;
  unset resp.http.xkey;
  unset resp.http.X-Edge-Lifetime;
  unset resp.http.X-Edge-Stale;
  unset resp.http.X-Edge-Vary;
  unset resp.http.X-Data-Version;
  unset resp.http.X-Varnish;
  unset resp.http.Via;
  unset resp.http.Age;
}

sub vcl_synth {
  call strip;
  unset resp.http.Server;
  set resp.http.X-Request-Id = "edge-" + req.xid;
  set resp.http.Cache-Control = "no-store";
  if (resp.status == 200) {
    set resp.http.Content-Type = "application/json";
    set resp.http.Innkeep-Purged = req.http.X-Edge-Purged;
    set resp.body = {"{"invalidated":"} + req.http.X-Edge-Purged + "}";
    return (deliver);
  }
  # Names and titles are those of the API: for a client it is one service.
  set resp.http.X-Edge-Code = "service-unavailable";
  set resp.http.X-Edge-Title = "The service cannot answer right now";
  if (resp.status == 400) {
    set resp.http.X-Edge-Code = "invalid-request";
    set resp.http.X-Edge-Title = "The request does not fit the schema";
  } else if (resp.status == 403) {
    set resp.http.X-Edge-Code = "forbidden";
    set resp.http.X-Edge-Title = "You may not do this";
  } else if (resp.status == 404) {
    set resp.http.X-Edge-Code = "not-found";
    set resp.http.X-Edge-Title = "There is nothing here";
  } else if (resp.status == 405) {
    set resp.http.X-Edge-Code = "method-not-allowed";
    set resp.http.X-Edge-Title = "This method is not offered here";
    set resp.http.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    if (local.socket == "purge") {
      set resp.http.Allow = "PURGE";
    }
  } else {
    set resp.http.Retry-After = "1";
  }
  set resp.http.Content-Type = "application/problem+json";
  set resp.body = {"{"type":"/problems/"} + resp.http.X-Edge-Code + {"","title":""} + resp.http.X-Edge-Title
    + {"","code":""} + resp.http.X-Edge-Code + {"","requestId":"edge-"} + req.xid + {"","status":"} + resp.status + "}";
  unset resp.http.X-Edge-Code;
  unset resp.http.X-Edge-Title;
  return (deliver);
}
