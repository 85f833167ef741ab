using AuthServer.Audit;
using AuthServer.Data;
using AuthServer.Data.Statements;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace AuthServer.Connect.Engine;

/// <summary>
/// What an answer makes true: what is used up, what begins, what is given for it, and the record of it. It is collected while the answer
/// is made, and written in one commit before it is sent, so that a crash leaves all of it or nothing.
/// </summary>
internal sealed class Issue(IStatements database, AuditLog audit, TimeProvider clock)
{
    private readonly List<NewFamily> _families = [];
    private readonly List<NewToken> _tokens = [];
    private readonly List<AuditEntry> _told = [];

    /// <summary>What is used up for it; null when nothing is.</summary>
    public TokenUse? Use { get; set; }

    public void Begin(NewFamily family) => _families.Add(family);

    public void Add(NewToken token) => _tokens.Add(token);

    /// <summary>The token that was added with this id.</summary>
    public NewToken Find(string id) => _tokens.Single(token => token.Id == id);

    public void Tell(AuditEntry row) => _told.Add(row);

    /// <summary>Writes it; false, and nothing is written, when somebody else has used up what this was to use up.</summary>
    public async Task<bool> TryWriteAsync(CancellationToken cancellation)
    {
        List<Statement> unit =
        [
            .. Use is null ? [] : (Statement[])[TokenRows.Use(Use, clock.GetUtcNow().UtcDateTime, database)],
            .. _families.Select(family => FamilyRows.Insert(family, Use)),
            .. _tokens.Select(token => TokenRows.Insert(token, Use)),
            .. _told.Select(row => AuditRows.Insert(row, Use)),
        ];
        if (unit.Count > 0 && await database.WriteAsync(unit, cancellation) == 0)
        {
            return false;
        }

        audit.Told(_told);
        return true;
    }

    /// <summary>Leaves out what an earlier answer has used up and given already.</summary>
    public void BecomeRetry()
    {
        Use = null;
        _tokens.RemoveAll(token => token.Type == TokenTypeIdentifiers.RefreshToken);
        _told.Clear();
    }
}
