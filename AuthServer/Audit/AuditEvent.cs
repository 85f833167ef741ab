namespace AuthServer.Audit;

/// <summary>The closed list of what is recorded, with its stable name.</summary>
/// <param name="Name">ECS <c>event.action</c>.</param>
/// <param name="Category">ECS <c>event.category</c>.</param>
internal sealed record AuditEvent(string Name, string Category)
{
    private const string Authentication = "authentication";
    private const string SessionCategory = "session";
    private const string People = "iam";
    private const string Configuration = "configuration";
    private const string Web = "web";
    private const string Process = "process";

    public static readonly AuditEvent Login = new("auth.login", Authentication);
    public static readonly AuditEvent Logout = new("auth.logout", Authentication);
    public static readonly AuditEvent RateLimited = new("auth.ratelimited", Authentication);
    public static readonly AuditEvent SessionStarted = new("session.start", SessionCategory);
    public static readonly AuditEvent SessionEnded = new("session.end", SessionCategory);
    public static readonly AuditEvent SessionKilled = new("session.killed", SessionCategory);
    public static readonly AuditEvent TokenIssued = new("token.issued", Authentication);
    public static readonly AuditEvent TokenRefreshed = new("token.refreshed", Authentication);
    public static readonly AuditEvent RefreshReuseDetected = new("refresh.reuse_detected", Authentication);
    public static readonly AuditEvent TokenRevoked = new("token.revoked", Authentication);
    public static readonly AuditEvent TokenIntrospected = new("token.introspected", Authentication);
    public static readonly AuditEvent CodeReplayed = new("code.replayed", Authentication);
    public static readonly AuditEvent ClientAuthFailed = new("client.auth_failed", Authentication);
    public static readonly AuditEvent ConsentGranted = new("consent.granted", People);
    public static readonly AuditEvent ConsentDenied = new("consent.denied", People);
    public static readonly AuditEvent ConsentRevoked = new("consent.revoked", People);
    public static readonly AuditEvent UserRegistered = new("user.registered", People);
    public static readonly AuditEvent UserConfirmed = new("user.confirmed", People);
    public static readonly AuditEvent UserUpdated = new("user.updated", People);
    public static readonly AuditEvent EmailChangeRequested = new("user.email_change_requested", People);
    public static readonly AuditEvent EmailChanged = new("user.email_changed", People);
    public static readonly AuditEvent PasswordChanged = new("user.password_changed", People);
    public static readonly AuditEvent PasswordResetRequested = new("user.password_reset_requested", People);
    public static readonly AuditEvent PasswordReset = new("user.password_reset", People);
    public static readonly AuditEvent UserExported = new("user.exported", People);
    public static readonly AuditEvent UserDeleted = new("user.deleted", People);
    public static readonly AuditEvent FederationLogin = new("federation.login", Authentication);
    public static readonly AuditEvent FederationLinked = new("federation.linked", People);
    public static readonly AuditEvent FederationUnlinked = new("federation.unlinked", People);
    public static readonly AuditEvent FederationLinkRefused = new("federation.link_refused", People);
    public static readonly AuditEvent ClientsChanged = new("config.clients_changed", Configuration);
    public static readonly AuditEvent KeyCreated = new("key.created", Configuration);
    public static readonly AuditEvent KeyRotated = new("key.rotated", Configuration);
    public static readonly AuditEvent KeyRevoked = new("key.revoked", Configuration);
    public static readonly AuditEvent KeyRemoved = new("key.removed", Configuration);
    public static readonly AuditEvent KeysResealed = new("key.resealed", Configuration);
    public static readonly AuditEvent RingRevoked = new("ring.revoked", Configuration);
    public static readonly AuditEvent Migrated = new("migration", Configuration);
    public static readonly AuditEvent DataCopied = new("data.copied", Configuration);
    public static readonly AuditEvent InputRejected = new("input.rejected", Web) { PerMinute = 5 };
    public static readonly AuditEvent HeaderSpoofed = new("security.header_spoof", Web) { PerMinute = 5 };
    public static readonly AuditEvent RateLimitDegraded = new("ratelimit.degraded", Process);
    public static readonly AuditEvent RateLimitRestored = new("ratelimit.restored", Process);
    public static readonly AuditEvent UnsafeStartRefused = new("unsafe_start_refused", Process);
    public static readonly AuditEvent ServerStarted = new("server.started", Process);
    public static readonly AuditEvent ServerStopping = new("server.stopping", Process);
    public static readonly AuditEvent SinkFailed = new("audit.sink_failed", Process);

    /// <summary>All of them, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<AuditEvent> All =
    [
        Login,
        Logout,
        RateLimited,
        SessionStarted,
        SessionEnded,
        SessionKilled,
        TokenIssued,
        TokenRefreshed,
        RefreshReuseDetected,
        TokenRevoked,
        TokenIntrospected,
        CodeReplayed,
        ClientAuthFailed,
        ConsentGranted,
        ConsentDenied,
        ConsentRevoked,
        UserRegistered,
        UserConfirmed,
        UserUpdated,
        EmailChangeRequested,
        EmailChanged,
        PasswordChanged,
        PasswordResetRequested,
        PasswordReset,
        UserExported,
        UserDeleted,
        FederationLogin,
        FederationLinked,
        FederationUnlinked,
        FederationLinkRefused,
        ClientsChanged,
        KeyCreated,
        KeyRotated,
        KeyRevoked,
        KeyRemoved,
        KeysResealed,
        RingRevoked,
        Migrated,
        DataCopied,
        InputRejected,
        HeaderSpoofed,
        RateLimitDegraded,
        RateLimitRestored,
        UnsafeStartRefused,
        ServerStarted,
        ServerStopping,
        SinkFailed,
    ];

    /// <summary>
    /// How many different ones <see cref="Refusals"/> tells apart in a minute; what is beyond is told as one, with
    /// its count.
    /// </summary>
    public int PerMinute { get; private init; } = 60;
}
