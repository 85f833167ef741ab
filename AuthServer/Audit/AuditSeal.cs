using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AuthServer.Data;

namespace AuthServer.Audit;

/// <summary>
/// Shows that a row or a link is as the server wrote it: HMAC-SHA-256 under a key that whoever merely holds the
/// database does not have.
/// </summary>
internal sealed class AuditSeal(ServerSecrets secrets)
{
    private const int HashSize = SHA256.HashSizeInBytes;

    /// <summary>What a link that has none before it builds on: all zeros, with where the chain begins.</summary>
    public static byte[] Beginning(long entryId)
    {
        var hash = new byte[HashSize];
        BinaryPrimitives.WriteInt64BigEndian(hash, entryId);
        return hash;
    }

    /// <summary>The hash of a name as somebody typed it, the same for the same name; 32 hexadecimal digits.</summary>
    public string OfName(string name) =>
        Convert.ToHexStringLower(
            Hash("name", Encoding.UTF8.GetBytes(name.Trim().ToUpperInvariant())).AsSpan(0, 16)
        );

    /// <summary>What stands in for the personal fields; without the salt it can be matched with nothing.</summary>
    public byte[] OfPerson(byte[] salt, string? address, string? nameHash) =>
        Hash("person", [.. salt, .. Encoding.UTF8.GetBytes($"{address}\n{nameHash}")]);

    /// <summary>Covers all that a row says, but for its number, which the database gives it.</summary>
    public byte[] OfEntry(AuditEntry entry) => Hash("row", CanonicalEntry.Of(entry));

    /// <summary>The link that puts <paramref name="entry"/> after <paramref name="before"/>.</summary>
    public AuditLink Link(AuditLink before, AuditEntry entry) =>
        new()
        {
            Seq = before.Seq + 1,
            EntryId = entry.Id,
            EventId = entry.EventId,
            Hash = OfLink(before.Seq == 0 ? Beginning(before.EntryId) : before.Hash, before.Seq + 1, entry),
        };

    /// <summary>Covers a row, its number, its place, and by the hash before it all that came before.</summary>
    public byte[] OfLink(ReadOnlySpan<byte> previous, long seq, AuditEntry entry)
    {
        var canonical = CanonicalEntry.Of(entry);
        var covered = new byte[HashSize + (2 * sizeof(long)) + canonical.Length];
        previous.CopyTo(covered);
        BinaryPrimitives.WriteInt64BigEndian(covered.AsSpan(HashSize), seq);
        BinaryPrimitives.WriteInt64BigEndian(covered.AsSpan(HashSize + sizeof(long)), entry.Id);
        canonical.CopyTo(covered.AsSpan(HashSize + (2 * sizeof(long))));
        return Hash("link", covered);
    }

    /// <summary>Whether the server wrote this row, and nobody changed it since but to erase personal fields.</summary>
    public bool IsGenuine(AuditEntry entry) =>
        entry.Mac is not null
        && CryptographicOperations.FixedTimeEquals(entry.Mac, OfEntry(entry))
        && HasOwnPerson(entry);

    /// <summary>Whether the personal fields are those that were written, or have been erased.</summary>
    public bool HasOwnPerson(AuditEntry entry) =>
        entry.Salt is null
            ? entry.Address is null && entry.NameHash is null
            : entry.PersonalDigest is not null
                && CryptographicOperations.FixedTimeEquals(
                    entry.PersonalDigest,
                    OfPerson(entry.Salt, entry.Address, entry.NameHash)
                );

    // Each use of the key says which it is, so that none can be passed off as another.
    private byte[] Hash(string use, ReadOnlySpan<byte> content) =>
        HMACSHA256.HashData(
            secrets.Get(ServerSecrets.AuditChain),
            (byte[])[.. Encoding.ASCII.GetBytes(use), (byte)'\n', .. content]
        );
}
