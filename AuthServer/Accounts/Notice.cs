using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>What the sign-in page may be asked to say, by a word in its address; the sentences are ours.</summary>
internal static class Notice
{
    public const string Ready = "ready";
    public const string Confirmed = "confirmed";
    public const string SignedOut = "signed-out";

    /// <summary>Null for a word that is not one of these.</summary>
    public static string? InWords(string? notice) =>
        notice switch
        {
            Ready => Say("Your account is ready. Sign in with it."),
            Confirmed => Say("Your address is confirmed. Sign in."),
            SignedOut => Say("You are signed out."),
            _ => null,
        };
}
