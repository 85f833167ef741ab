using System.Security.Cryptography;
using System.Text.Json;
using AuthServer.Data;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Mail;

/// <summary>
/// Delivers one letter. It is taken for a while before it is carried, so that two instances do not send it twice, and
/// deleted after; one whose carrier dies in between is sent again rather than lost.
/// </summary>
internal sealed partial class Delivery(
    AuthDb db,
    MasterKey masterKey,
    Composer composer,
    ICarrier carrier,
    TimeProvider clock,
    ILogger<Delivery> logger
)
{
    // Longer than a conversation with a mail server lasts at most.
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(3);

    // The links in our letters live no longer.
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
    ];

    /// <summary>False when nothing is due.</summary>
    public async Task<bool> NextAsync(CancellationToken cancellation)
    {
        // By one clock for all instances: to one that runs ahead, a letter in another's hands would look forgotten.
        var now = await db.NowAsync(clock, cancellation);
        var row = await db
            .OutgoingLetters.AsNoTracking()
            .Where(letter => letter.NextAttemptAt <= now)
            .OrderBy(letter => letter.NextAttemptAt)
            .ThenBy(letter => letter.Id)
            .FirstOrDefaultAsync(cancellation);
        if (row is null)
        {
            return false;
        }

        if (await MoveAsync(row, row.NextAttemptAt, now + Hold, row.Attempts + 1, cancellation))
        {
            await DeliverAsync(row, now + Hold, cancellation);
        }

        return true;
    }

    private async Task DeliverAsync(OutgoingLetter row, DateTime heldUntil, CancellationToken cancellation)
    {
        // One that does not open waits as well: another instance may have the key that sealed it.
        var isOld = clock.GetUtcNow().UtcDateTime - row.CreatedAt >= GiveUpAfter;
        var letter = Open(row);
        var (isOver, trouble) = letter is null
            ? (isOld, null)
            : await TryCarryAsync(letter, row, cancellation);
        if (isOver)
        {
            // Also when we are being stopped: it has left, and must not leave again.
            await db.OutgoingLetters.Where(l => l.Id == row.Id).ExecuteDeleteAsync(CancellationToken.None);
            return;
        }

        var now = await db.NowAsync(clock, CancellationToken.None);
        var again = now + Pauses[Math.Min(row.Attempts, Pauses.Length - 1)];
        await MoveAsync(row, heldUntil, again, row.Attempts + 1, CancellationToken.None);
        if (trouble is not null)
        {
            // Not before it is true: whoever is killed before that leaves the letter held.
            Log.Waits(logger, trouble, Composer.Shorten(letter!.To), letter.Subject, row.Attempts + 1);
        }
    }

    // Whether there is nothing more to try, or else what went wrong.
    private async Task<(bool IsOver, Exception? Trouble)> TryCarryAsync(
        Letter letter,
        OutgoingLetter row,
        CancellationToken cancellation
    )
    {
        var to = Composer.Shorten(letter.To);
        try
        {
            using var message = composer.Compose(letter);
            if (!await carrier.CarryAsync(letter, message, cancellation))
            {
                Log.Refused(logger, to, letter.Subject);
            }

            return (true, null);
        }
        catch (Exception exception) when (clock.GetUtcNow().UtcDateTime - row.CreatedAt >= GiveUpAfter)
        {
            Log.GivenUp(logger, exception, to, letter.Subject);
            return (true, null);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever a mail server or the network comes up with: the letter waits.
            return (false, exception);
        }
        catch (OperationCanceledException)
        {
            return (false, null);
        }
    }

    private Letter? Open(OutgoingLetter row)
    {
        try
        {
            return JsonSerializer.Deserialize<Letter>(masterKey.Unprotect(row.Sealed, OutgoingLetter.Seal));
        }
        catch (CryptographicException exception)
        {
            Log.Unreadable(logger, exception, row.Id);
            return null;
        }
    }

    // Only from where we saw it: another instance may have been faster.
    private async Task<bool> MoveAsync(
        OutgoingLetter row,
        DateTime from,
        DateTime to,
        int attempts,
        CancellationToken cancellation
    ) =>
        await db
            .OutgoingLetters.Where(letter => letter.Id == row.Id && letter.NextAttemptAt == from)
            .ExecuteUpdateAsync(
                set => set.SetProperty(l => l.NextAttemptAt, to).SetProperty(l => l.Attempts, attempts),
                cancellation
            ) == 1;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Letter to {To} was refused for good: {Subject}")]
        public static partial void Refused(ILogger logger, string to, string subject);

        [LoggerMessage(
            2,
            LogLevel.Error,
            "Letter to {To} could not be sent for a day and is dropped: {Subject}"
        )]
        public static partial void GivenUp(ILogger logger, Exception exception, string to, string subject);

        [LoggerMessage(3, LogLevel.Warning, "Letter to {To} waits after attempt {Attempt}: {Subject}")]
        public static partial void Waits(
            ILogger logger,
            Exception exception,
            string to,
            string subject,
            int attempt
        );

        [LoggerMessage(
            4,
            LogLevel.Error,
            "Letter {Id} was sealed by another master key; it waits for a day for an instance that has it."
        )]
        public static partial void Unreadable(ILogger logger, Exception exception, long id);
    }
}
