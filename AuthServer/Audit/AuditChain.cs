using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

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
    AuthDb db,
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
        // Read before the writer's turn is taken: what others wait for is only the writing.
        var rows = await Unsealed(from).Take(Batch).ToListAsync(cancellation);
        if (rows.Count == 0)
        {
            metrics.Sealed(lag: 0);
            return (from, false);
        }

        await db.ExclusivelyAsync(Turn.Trail, token => LinkAsync(rows, token), cancellation);
        db.ChangeTracker.Clear();
        // Numbers have hardly any gaps, and counting would look at every row.
        metrics.Sealed(await db.Audit.MaxAsync(row => row.Id, cancellation) - rows[^1].Id);
        return (rows[^1].Id + 1, rows.Count == Batch);
    }

    /// <summary>Signs the state of the chain when it is time, or <paramref name="atOnce"/>.</summary>
    public async Task<Checkpointing> CheckpointAsync(bool atOnce, CancellationToken cancellation)
    {
        var wish = await WishAsync(atOnce, cancellation);
        if (wish is Checkpointing.Done)
        {
            AuditCheckpoint? signed = null;
            await db.ExclusivelyAsync(
                Turn.Trail,
                async token =>
                {
                    // Asked again: another instance may have signed it.
                    wish = await WishAsync(atOnce, token);
                    signed = wish is Checkpointing.Done ? await SignAsync(token) : null;
                },
                cancellation
            );
            if (signed is not null)
            {
                metrics.Checkpointed(signed.At);
                EcsEvent.Of(signed).WriteTo(logger);
            }
        }

        return wish;
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
            var last = await db
                .AuditLinks.OrderByDescending(link => link.Seq)
                .Select(link => link.EntryId)
                .FirstOrDefaultAsync(cancellation);
            return Math.Max(0, last - LongestLookBack);
        }

        if (!MayComeLate)
        {
            return from;
        }

        var since = lookedBackAt.UtcDateTime - LongestTransaction;
        // The sum keeps PostgreSQL from walking over the whole trail by number until it meets the first.
        var recent = await db
            .Audit.Where(row => row.At >= since)
            .MinAsync(row => (long?)(row.Id + 0), cancellation);
        return Math.Min(from, recent ?? from);
    }

    private async Task<Checkpointing> WishAsync(bool atOnce, CancellationToken cancellation)
    {
        var head = await HeadAsync(cancellation);
        var last = await db
            .AuditCheckpoints.AsNoTracking()
            .OrderByDescending(checkpoint => checkpoint.Seq)
            .FirstOrDefaultAsync(cancellation);
        var since = last?.Seq ?? 0;
        var isDue =
            atOnce
            || last is null
            || head.Seq - since >= RowsPerCheckpoint
            || last.At + LongestWait <= clock.GetUtcNow().UtcDateTime;
        return head.Seq <= since ? Checkpointing.Nothing
            : isDue ? Checkpointing.Done
            : Checkpointing.Later;
    }

    private async Task<AuditCheckpoint> SignAsync(CancellationToken cancellation)
    {
        var (seq, hash) = await HeadAsync(cancellation);
        var checkpoint = key.Sign(seq, hash, clock.GetUtcNow());
        db.AuditCheckpoints.Add(checkpoint);
        await db.SaveChangesAsync(cancellation);
        return checkpoint;
    }

    private async Task LinkAsync(List<AuditEntry> rows, CancellationToken cancellation)
    {
        var head = await HeadAsync(cancellation);
        var beginning = await db.AuditLinks.AsNoTracking().SingleAsync(link => link.Seq == 0, cancellation);
        var ids = rows.ConvertAll(row => row.EventId);
        // A genuine row that is in the chain already under another number is a copy; under its own, another instance was
        // faster.
        var linked = await db
            .AuditLinks.Where(link => link.EventId != null && ids.Contains(link.EventId))
            .ToDictionaryAsync(link => link.EventId!.Value, link => link.EntryId, cancellation);
        var (seq, hash) = (head.Seq, head.Hash);
        var links = new List<AuditLink>(rows.Count);
        foreach (var row in rows)
        {
            if (row.EventId is { } id && linked.TryGetValue(id, out var number) && number == row.Id)
            {
                continue;
            }

            var isOurs =
                row.EventId is null && row.Mac is null
                    ? row.Id <= -beginning.EntryId
                    : seal.IsGenuine(row) && linked.TryAdd(row.EventId!.Value, row.Id);
            if (!isOurs)
            {
                metrics.FoundForeignRow();
                Log.Foreign(logger, row.Id);
                continue;
            }

            hash = seal.OfLink(hash, ++seq, row);
            links.Add(
                new AuditLink
                {
                    Seq = seq,
                    EntryId = row.Id,
                    EventId = row.EventId,
                    Hash = hash,
                }
            );
        }

        await db.InsertAsync(links, cancellation);
    }

    private async Task<(long Seq, byte[] Hash)> HeadAsync(CancellationToken cancellation)
    {
        var last = await db
            .AuditLinks.AsNoTracking()
            .OrderByDescending(link => link.Seq)
            .FirstAsync(cancellation);
        return (last.Seq, last.Seq == 0 ? AuditSeal.Beginning(last.EntryId) : last.Hash);
    }

    private IQueryable<AuditEntry> Unsealed(long from) =>
        db
            .Audit.AsNoTracking()
            .Where(row => row.Id >= from && !db.AuditLinks.Any(link => link.EntryId == row.Id))
            .OrderBy(row => row.Id);

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
