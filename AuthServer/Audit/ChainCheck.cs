using System.Globalization;
using System.Security.Cryptography;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Audit;

/// <summary>What <see cref="ChainCheck"/> found.</summary>
/// <param name="Break">The first break, in a sentence; null when there is none.</param>
/// <param name="Sealed">How many rows are sealed and as they were written.</param>
/// <param name="Waiting">How many rows of the last minute wait to be sealed.</param>
/// <param name="Erased">How many of the sealed rows have had their personal fields erased.</param>
/// <param name="Last">The last checkpoint.</param>
internal sealed record ChainVerdict(
    string? Break,
    long Sealed,
    long Waiting,
    long Erased,
    AuditCheckpoint? Last
);

/// <summary>
/// Walks the trail and finds the first place where it is not what the server wrote. It reads row by row, in constant
/// memory, and beside a server that goes on writing: what was there when it began stays there.
/// </summary>
internal sealed class ChainCheck(AuthDb db, AuditSeal seal, CheckpointKey key, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private long _seq;
    private long _erased;

    /// <summary>Checks against the checkpoints in the database and those in <paramref name="logged"/>.</summary>
    public async Task<ChainVerdict> RunAsync(
        IReadOnlyList<AuditCheckpoint> logged,
        CancellationToken cancellation
    )
    {
        // Read before the links: each of them must find its own.
        var last = await db
            .AuditCheckpoints.AsNoTracking()
            .OrderByDescending(checkpoint => checkpoint.Seq)
            .FirstOrDefaultAsync(cancellation);
        var known = logged.ToLookup(checkpoint => checkpoint.Seq);
        var broken =
            logged.Select(Forged).FirstOrDefault(sentence => sentence is not null)
            ?? await WalkAsync(known, cancellation)
            ?? Truncated([.. logged, .. last is null ? [] : new[] { last }]);
        var waiting = 0L;
        if (broken is null)
        {
            (broken, waiting) = await CheckUnsealedAsync(cancellation);
        }

        return new ChainVerdict(broken, _seq, waiting, _erased, last);
    }

    private async Task<string?> WalkAsync(
        ILookup<long, AuditCheckpoint> logged,
        CancellationToken cancellation
    )
    {
        var steps =
            from link in db.AuditLinks
            join row in db.Audit on link.EntryId equals row.Id into rows
            from row in rows.DefaultIfEmpty()
            join checkpoint in db.AuditCheckpoints on link.Seq equals checkpoint.Seq into checkpoints
            from checkpoint in checkpoints.DefaultIfEmpty()
            orderby link.Seq
            select new Step(link, row, checkpoint);
        byte[]? hash = null;
        await foreach (var step in steps.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (hash is null)
            {
                if (step.Link.Seq != 0)
                {
                    return "The place where the chain begins was deleted.";
                }

                hash = AuditSeal.Beginning(step.Link.EntryId);
                continue;
            }

            if (Broken(step, hash) is { } sentence)
            {
                return sentence;
            }

            (_seq, hash) = (step.Link.Seq, step.Link.Hash);
            _erased += step.Row!.PersonalDigest is not null && step.Row.Salt is null ? 1 : 0;
            var checkpoints = logged[_seq].Concat(step.Checkpoint is null ? [] : [step.Checkpoint]);
            if (
                checkpoints.Select(c => Contradiction(c, hash)).FirstOrDefault(s => s is not null) is
                { } other
            )
            {
                return other;
            }
        }

        return hash is null ? "The place where the chain begins was deleted." : null;
    }

    private string? Broken(Step step, byte[] previous)
    {
        var (link, row) = (step.Link, step.Row);
        if (link.Seq != _seq + 1)
        {
            return Invariant($"Link {_seq + 1} of the chain was deleted: the next one is link {link.Seq}.");
        }

        if (row is null)
        {
            return Invariant($"Row {link.EntryId} was deleted.");
        }

        if (CryptographicOperations.FixedTimeEquals(link.Hash, seal.OfLink(previous, link.Seq, row)))
        {
            return row.EventId is null || seal.HasOwnPerson(row)
                ? null
                : Invariant(
                    $"Row {row.Id} was changed: its address or name is not the one that was written."
                );
        }

        return row.Mac is not null && seal.IsGenuine(row)
            ? Invariant(
                $"Row {row.Id} was reordered: it is as the server wrote it, but stands where another one stood (link {link.Seq})."
            )
            : Invariant($"Row {row.Id} was changed (link {link.Seq}).");
    }

    private string? Forged(AuditCheckpoint checkpoint) =>
        key.IsGenuine(checkpoint)
            ? null
            : Invariant(
                $"Checkpoint {checkpoint.Seq} of {checkpoint.At:u} was not signed by the key of this database, which is {key.Id}."
            );

    private string? Contradiction(AuditCheckpoint checkpoint, byte[] hash) =>
        CryptographicOperations.FixedTimeEquals(checkpoint.Hash, hash)
            ? Forged(checkpoint)
            : Invariant(
                $"The chain was rewritten before link {checkpoint.Seq}: checkpoint {checkpoint.Seq} of {checkpoint.At:u} was signed over other rows."
            );

    private string? Truncated(IEnumerable<AuditCheckpoint> checkpoints) =>
        checkpoints.MaxBy(checkpoint => checkpoint.Seq) is { } last && last.Seq > _seq
            ? Invariant(
                $"The tail after link {_seq} is gone: checkpoint {last.Seq} of {last.At:u} was signed over {last.Seq} rows."
            )
            : null;

    private async Task<(string? Break, long Waiting)> CheckUnsealedAsync(CancellationToken cancellation)
    {
        var beginning = await db.AuditLinks.AsNoTracking().SingleAsync(link => link.Seq == 0, cancellation);
        var rows = db
            .Audit.AsNoTracking()
            .Where(row => !db.AuditLinks.Any(link => link.EntryId == row.Id))
            .OrderBy(row => row.Id)
            .Select(row => new
            {
                Row = row,
                IsCopy = row.EventId != null && db.AuditLinks.Any(link => link.EventId == row.EventId),
            });
        var oldest = clock.GetUtcNow().UtcDateTime - Fresh;
        var waiting = 0L;
        await foreach (var found in rows.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            var row = found.Row;
            var isOld = row.EventId is null && row.Mac is null && row.Id <= -beginning.EntryId;
            if (found.IsCopy || !(isOld || seal.IsGenuine(row)))
            {
                return (Invariant($"Row {row.Id} was inserted: the server did not write it."), waiting);
            }

            if (!isOld && row.At < oldest)
            {
                return (
                    Invariant(
                        $"Row {row.Id} of {row.At:u} is not sealed: links were deleted, or the server was killed and not started since. Start it once, then verify again."
                    ),
                    waiting
                );
            }

            waiting++;
        }

        return (null, waiting);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Step(AuditLink Link, AuditEntry? Row, AuditCheckpoint? Checkpoint);
}
