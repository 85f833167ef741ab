using AuthServer.Data;
using AuthServer.Data.Statements;

namespace AuthServer.Audit;

/// <summary>What became of the wish for a checkpoint.</summary>
internal enum Checkpointing
{
    /// <summary>Nothing is new since the last one.</summary>
    Nothing,

    /// <summary>It is not time yet.</summary>
    Later,

    /// <summary>It is signed and told.</summary>
    Done,
}

/// <summary>
/// Links committed rows into the chain, after the fact and in batches, so that requests never wait for each other
/// over it. A row that the server did not write is left out, and found by <c>audit verify</c>.
/// </summary>
internal sealed partial class AuditChain(
    IStatements statements,
    IDatabase database,
    AuditSeal seal,
    CheckpointKey key,
    AuditMetrics metrics,
    TimeProvider clock,
    ILogger<AuditChain> logger
)
{
    // Rows in one transaction: few, for on SQLite everybody else who writes waits for it.
    private const int Batch = 200;

    // Rows; far more than are committed in another order than that of their numbers.
    private const long LongestLookBack = 100_000;
    private const int RowsPerCheckpoint = 1000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(1);

    /// <summary>Links the next rows from number <paramref name="from"/> on.</summary>
    /// <returns>The number to go on from, and whether there may be more.</returns>
    public async Task<(long From, bool HasMore)> SealAsync(long from, CancellationToken cancellation)
    {
        // First: what is appended to it is refused if another instance has linked any of these rows since.
        var head = await HeadAsync(cancellation);
        var rows = await statements.AllAsync(
            TrailRows.Unlinked(from, Batch),
            TrailRows.ReadUnlinked,
            cancellation
        );
        if (rows.Count == 0)
        {
            metrics.Sealed(lag: 0);
            return (from, false);
        }

        var (links, foreign) = await LinkAsync(head, rows, cancellation);
        if (links.Count > 0 && await statements.WriteAsync(links, cancellation) == 0)
        {
            // Another instance was faster: from where it has come to, or else at the next pass.
            return (from, (await HeadAsync(cancellation)).Seq > head.Seq);
        }

        foreign.ForEach(Tell);
        // Numbers have hardly any gaps, and counting would look at every row.
        var newest = await statements.FirstAsync(TrailRows.Newest, TrailRows.ReadNumber, cancellation);
        var last = rows[^1].Entry.Id;
        metrics.Sealed((newest?.Value ?? last) - last);
        return (last + 1, rows.Count == Batch);
    }

    /// <summary>Signs the state of the chain when it is time, or <paramref name="atOnce"/>.</summary>
    public async Task<Checkpointing> CheckpointAsync(bool atOnce, CancellationToken cancellation)
    {
        var head = await HeadAsync(cancellation);
        var last = await statements.FirstAsync(CheckpointRows.Last, CheckpointRows.Read, cancellation);
        var since = last?.Seq ?? 0;
        if (head.Seq <= since)
        {
            return Checkpointing.Nothing;
        }

        var now = clock.GetUtcNow();
        var isDue =
            atOnce
            || last is null
            || head.Seq - since >= RowsPerCheckpoint
            || last.At + LongestWait <= now.UtcDateTime;
        if (!isDue)
        {
            return Checkpointing.Later;
        }

        var signed = key.Sign(head.Seq, head.Hash, now);
        if (await statements.WriteAsync([CheckpointRows.Insert(signed, since)], cancellation) == 0)
        {
            // Another instance has signed meanwhile, but perhaps not all that we would.
            return await CheckpointAsync(atOnce, cancellation);
        }

        metrics.Checkpointed(signed.At);
        EcsEvent.Of(signed).WriteTo(logger);
        return Checkpointing.Done;
    }

    /// <summary>Whether a row may be committed after one with a higher number.</summary>
    public bool MayComeLate => !database.NumbersByCommit;

    /// <summary>
    /// Where to begin a pass. Where a row gets its number before it is committed, one with a lower number than those that are
    /// sealed may come after them; but not later than its transaction may last.
    /// </summary>
    /// <param name="reached">Where the pass before ended. Null after a start: then some way before the last row that is linked.</param>
    /// <param name="lookedBackAt">When a pass looked for late rows last; one that was begun just before may have come since.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<long> BeginningAsync(
        long? reached,
        DateTimeOffset lookedBackAt,
        CancellationToken cancellation
    )
    {
        if (reached is not { } from)
        {
            var last = (await HeadAsync(cancellation)).EntryId;
            return Math.Max(0, last - LongestLookBack);
        }

        if (!MayComeLate)
        {
            return from;
        }

        var since = lookedBackAt.UtcDateTime - LongestTransaction;
        var recent = await statements.FirstAsync(
            TrailRows.LowestSince(since),
            TrailRows.ReadNumber,
            cancellation
        );
        return Math.Min(from, recent?.Value ?? from);
    }

    private async Task<AuditLink> HeadAsync(CancellationToken cancellation) =>
        await statements.FirstAsync(TrailRows.Head, TrailRows.ReadLink, cancellation)
        ?? throw new InvalidOperationException("The place where the chain begins was deleted.");

    // The statements that append each row to the one before it; and the rows that are not ours.
    private async Task<(List<Statement> Links, List<AuditEntry> Foreign)> LinkAsync(
        AuditLink head,
        List<UnlinkedRow> rows,
        CancellationToken cancellation
    )
    {
        var beginning = await statements.FirstAsync(TrailRows.Beginning, TrailRows.ReadLink, cancellation);
        var seen = new HashSet<Guid>();
        List<Statement> links = [];
        List<AuditEntry> foreign = [];
        foreach (var (row, isCopy) in rows)
        {
            // A genuine row that is in the chain already under another number is a copy.
            var isOurs =
                row.EventId is null && row.Mac is null
                    ? row.Id <= -beginning!.EntryId
                    : !isCopy && seal.IsGenuine(row) && seen.Add(row.EventId!.Value);
            if (!isOurs)
            {
                foreign.Add(row);
                continue;
            }

            var link = seal.Link(head, row);
            links.Add(TrailRows.Append(link, head));
            head = link;
        }

        return (links, foreign);
    }

    private void Tell(AuditEntry foreign)
    {
        metrics.FoundForeignRow();
        Log.Foreign(logger, foreign.Id);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Critical,
            "Row {Id} of the audit trail was not written by this server and stays out of its chain: run 'audit verify'."
        )]
        public static partial void Foreign(ILogger logger, long id);
    }
}
