namespace AuthServer.Audit;

/// <summary>The closed list of what is recorded, with its stable name.</summary>
internal sealed record AuditEvent(string Name)
{
    public static readonly AuditEvent Login = new("auth.login");
    public static readonly AuditEvent RateLimited = new("auth.ratelimited");
    public static readonly AuditEvent Logout = new("auth.logout");
    public static readonly AuditEvent SessionEnded = new("session.end");
    public static readonly AuditEvent UserRegistered = new("user.registered");
    public static readonly AuditEvent UserConfirmed = new("user.confirmed");
    public static readonly AuditEvent RefreshReuseDetected = new("refresh.reuse_detected");
    public static readonly AuditEvent CodeReplayed = new("code.replayed");
    public static readonly AuditEvent TokenRevoked = new("token.revoked");
    public static readonly AuditEvent ConsentGranted = new("consent.granted");
    public static readonly AuditEvent ConsentDenied = new("consent.denied");
    public static readonly AuditEvent ClientsChanged = new("config.clients_changed");
    public static readonly AuditEvent KeyCreated = new("key.created");
    public static readonly AuditEvent LimitsDegraded = new("ratelimit.degraded");
    public static readonly AuditEvent LimitsRestored = new("ratelimit.restored");
}
