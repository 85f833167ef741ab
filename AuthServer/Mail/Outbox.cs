using System.Text.Json;
using AuthServer.Data;

namespace AuthServer.Mail;

/// <summary>
/// Takes letters into the unit of work: a letter is saved with the change it tells of, or neither is, and no mail
/// server makes anybody wait.
/// </summary>
internal sealed class Outbox(AuthDb db, MasterKey masterKey, LetterSaved saved, TimeProvider clock)
{
    /// <summary>The caller's <c>SaveChangesAsync</c> sends it.</summary>
    public void Add(Letter letter)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        db.OutgoingLetters.Add(
            new OutgoingLetter
            {
                Sealed = masterKey.Protect(JsonSerializer.SerializeToUtf8Bytes(letter), OutgoingLetter.Seal),
                CreatedAt = now,
                NextAttemptAt = now,
            }
        );
        saved.Expect(db);
    }
}
