using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>Records what happened: a row that is saved with the change it tells of, and a line once it is.</summary>
internal sealed class AuditLog(
    Lazy<AuthDb> db,
    AuditSeal seal,
    AuditLines lines,
    Refusals refusals,
    TimeProvider clock,
    IHttpContextAccessor http
)
{
    private const int SaltSize = 16;
    private const int LongestReason = 200;

    private readonly HashSet<AuditEvent> _recorded = [];
    private List<AuditEntry>? _untold;
    private string? _tokenHash;

    /// <summary>Names the code or token that this request brought; what is recorded from here on tells its hash.</summary>
    public void Present(string token) =>
        _tokenHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, 4));

    /// <summary>Adds the row to the unit of work; the caller's <c>SaveChangesAsync</c> makes it true.</summary>
    public void Record(
        AuditEvent what,
        bool succeeded = true,
        string? accountId = null,
        string? clientId = null,
        string? sessionId = null,
        string? reason = null,
        string? name = null
    )
    {
        var row = Draft(Describe(what, succeeded, accountId, clientId, sessionId, reason, name));
        _untold ??= lines.Follow(db.Value);
        db.Value.Audit.Add(row);
        _untold.Add(row);
    }

    /// <summary>A row for a caller that writes past the unit of work, and says <see cref="Told"/> when it is committed.</summary>
    public AuditEntry Draft(
        AuditEvent what,
        string? accountId = null,
        string? clientId = null,
        string? sessionId = null,
        string? reason = null
    ) => Draft(Describe(what, succeeded: true, accountId, clientId, sessionId, reason, name: null));

    /// <summary>Tells of rows that are committed now.</summary>
    public void Told(IReadOnlyCollection<AuditEntry> rows) => lines.Tell(rows);

    /// <summary>
    /// Notes what anybody can cause as often as they like, and what changes nothing. It costs the request no write:
    /// the first of a kind is told at once, the others of that minute as one, with their count.
    /// </summary>
    public void Note(
        AuditEvent what,
        bool succeeded = false,
        string? accountId = null,
        string? clientId = null,
        string? reason = null,
        string? name = null
    ) => refusals.Add(Describe(what, succeeded, accountId, clientId, sessionId: null, reason, name));

    /// <summary>Whether this request has recorded it.</summary>
    public bool HasRecorded(AuditEvent what) => _recorded.Contains(what);

    /// <summary>The same for what was described before.</summary>
    public AuditEntry Draft(Happening happening)
    {
        var row = RowOf(happening);
        row.Mac = seal.OfEntry(row);
        _recorded.Add(happening.What);
        return row;
    }

    private Happening Describe(
        AuditEvent what,
        bool succeeded,
        string? accountId,
        string? clientId,
        string? sessionId,
        string? reason,
        string? name
    ) =>
        new(what, succeeded, clock.GetUtcNow())
        {
            AccountId = accountId,
            ClientId = clientId,
            SessionId = sessionId,
            Address = http.HttpContext?.Connection.RemoteIpAddress?.ToString(),
            Name = name,
            Reason = reason,
            TokenHash = _tokenHash,
            TraceId = Activity.Current?.TraceId.ToString(),
        };

    private AuditEntry RowOf(Happening happening)
    {
        var name = happening.Name is { Length: > 0 } typed ? seal.OfName(typed) : null;
        var salt =
            happening.Address is null && name is null ? null : RandomNumberGenerator.GetBytes(SaltSize);
        return new AuditEntry
        {
            EventId = Guid.CreateVersion7(happening.At),
            // To the millisecond, which every database keeps.
            At = DateTimeOffset.FromUnixTimeMilliseconds(happening.At.ToUnixTimeMilliseconds()).UtcDateTime,
            Event = happening.What.Name,
            Succeeded = happening.Succeeded,
            AccountId = happening.AccountId,
            ClientId = happening.ClientId,
            SessionId = happening.SessionId,
            Address = happening.Address,
            NameHash = name,
            Reason = happening.Reason is { } reason ? Text.Cut(reason, LongestReason) : null,
            TokenHash = happening.TokenHash,
            TraceId = happening.TraceId,
            Count = happening.Count,
            Salt = salt,
            PersonalDigest = salt is null ? null : seal.OfPerson(salt, happening.Address, name),
        };
    }
}
