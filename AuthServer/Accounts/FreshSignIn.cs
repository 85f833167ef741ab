using AuthServer.Data;

namespace AuthServer.Accounts;

/// <summary>When a sign-in is fresh enough for what changes how an account is proved (C-65).</summary>
internal static class FreshSignIn
{
    /// <summary>The <c>amr</c> of who came in on the word of a provider; RFC 8176 has no word for it.</summary>
    public const string Federated = "fed";

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether the account was proved here in the last five minutes: by its password or better; by a login at a provider
    /// only when it has no password, for a provider lets in whoever sits before a browser that it knows.
    /// </summary>
    public static bool IsFresh(SignIn signIn, Account account, DateTimeOffset now) =>
        signIn.AuthenticatedAt + Freshness > now && MayProve(account, signIn.Amr);

    /// <summary>Whether a login at a provider is enough to prove the account once more.</summary>
    public static bool MayProveElsewhere(Account account) => MayProve(account, [Federated]);

    private static bool MayProve(Account account, IEnumerable<string> amr) =>
        account.PasswordHash is null || amr.Any(method => method != Federated);
}
