# The key, and what may be served from what is found under it.

sub vcl_hash {
  # The first part keeps public and private keys apart; a URL holds no "#" (receiving.vcl), which is what separates the parts.
  if (req.http.X-Edge-Step == "context") {
    hash_data("context");
    hash_data(req.http.Authorization);
  } elsif (req.http.X-Tenant-Partition) {
    hash_data("private");
    hash_data(req.http.X-Tenant-Partition);
  } else {
    hash_data("public");
  }
  hash_data(req.url);
  return (lookup);
}

sub vcl_hit {
  if (req.http.X-Edge-Step != "context" && req.http.Innkeep-Min-Position
      && std.integer(obj.http.Innkeep-Position, -1) < std.integer(req.http.Innkeep-Min-Position, 0)) {
    if (req.http.X-Edge-Step == "position") {
      return (pass);
    }
    # Somebody has seen a later state. The refresh must not leave this one behind to be found again when the new answer, whose
    # lifetime may be shorter, has expired. Others may be given it for as long as a soft purge allows, no longer.
    if (obj.ttl > 0s) {
      if (obj.grace > 3s) {
        purge.soft(0s, 3s, -1s);
      } else {
        purge.soft(0s, -1s, -1s);
      }
    }
    set req.http.X-Edge-Step = "position";
    return (restart);
  }
  set req.http.X-Edge-Path = "hit";
  return (deliver);
}

sub vcl_miss {
  set req.http.X-Edge-Path = "uri-miss";
  if (req.http.X-Edge-Step == "position") {
    set req.http.X-Edge-Path = "request";
  }
  return (fetch);
}

sub vcl_pass {
  set req.http.X-Edge-Path = "bypass";
  if (req.method != "GET" && req.method != "HEAD") {
    set req.http.X-Edge-Path = "method";
  }
  return (fetch);
}
