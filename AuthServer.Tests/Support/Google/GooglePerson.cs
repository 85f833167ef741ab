namespace AuthServer.Tests.Support.Google;

/// <summary>Somebody with an account at the stand-in of Google.</summary>
/// <param name="Subject">The <c>sub</c>.</param>
/// <param name="Email">The <c>email</c>; null: none is told.</param>
/// <param name="Verified">The <c>email_verified</c>, of whatever JSON type; null: none is told.</param>
/// <param name="Name">The <c>name</c>; null: none is told.</param>
public sealed record GooglePerson(
    string Subject,
    string? Email,
    object? Verified = null,
    string? Name = "Grace Hopper"
)
{
    private static int _count;

    /// <summary>Somebody new whose address Google has verified.</summary>
    public static GooglePerson New(string? email = null)
    {
        var number = Interlocked.Increment(ref _count);
        return new GooglePerson($"g-{number}", email ?? $"google{number}@example.org", Verified: true);
    }
}
