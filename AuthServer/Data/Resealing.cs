using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace AuthServer.Data;

/// <summary>Brings everything in the database under the master key that seals now, so that the others can be forgotten.</summary>
internal sealed class Resealing(AuthDb db, MasterKey masterKey)
{
    /// <summary>All of it in one transaction that nobody seals in between, and <paramref name="tell"/> with it.</summary>
    /// <param name="tell">Takes the number of resealed rows into the same unit of work.</param>
    /// <param name="cancellation">Leaves everything as it was.</param>
    /// <returns>How many rows another key had sealed.</returns>
    /// <exception cref="StartupException">A row opens with none of the keys; nothing was changed.</exception>
    public async Task<int> RunAsync(Action<int> tell, CancellationToken cancellation)
    {
        var count = 0;
        try
        {
            await db.ExclusivelyAsync(
                Turn.Keys,
                async token =>
                {
                    count = await ResealAsync(token);
                    tell(count);
                    await db.SaveChangesAsync(token);
                },
                cancellation
            );
        }
        catch (CryptographicException exception)
        {
            throw new StartupException(
                "A part of the database opens with none of the master keys, so nothing was changed: name the key that sealed it in Data:OtherMasterKeyFiles.",
                exception
            );
        }

        return count;
    }

    private async Task<int> ResealAsync(CancellationToken cancellation)
    {
        var count = 0;
        foreach (var secret in await db.Secrets.ToListAsync(cancellation))
        {
            count += Reseal(secret.Protected, secret.Name, value => secret.Protected = value);
        }

        foreach (var key in await db.SigningKeys.ToListAsync(cancellation))
        {
            count += Reseal(key.Protected, SigningKey.SealOf(key.Id), value => key.Protected = value);
        }

        foreach (var letter in await db.OutgoingLetters.AsNoTracking().ToListAsync(cancellation))
        {
            if (masterKey.Reseal(letter.Sealed, OutgoingLetter.Seal) is { } resealed)
            {
                // It may leave meanwhile.
                count += await db
                    .OutgoingLetters.Where(row => row.Id == letter.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Sealed, resealed), cancellation);
            }
        }

        foreach (var key in await db.DataProtectionKeys.ToListAsync(cancellation))
        {
            var resealed = SealedXmlEncryptor.Reseal(masterKey, key.Xml!);
            key.Xml = resealed ?? key.Xml;
            count += resealed is null ? 0 : 1;
        }

        return count;
    }

    private int Reseal(byte[] row, string name, Action<byte[]> set)
    {
        if (masterKey.Reseal(row, name) is not { } resealed)
        {
            return 0;
        }

        set(resealed);
        return 1;
    }
}
