using static AuthServer.Language.Words;

namespace AuthServer.Accounts;

/// <summary>What a page may be asked to say, by a word in its address; the sentences are ours.</summary>
internal static class Notice
{
    public const string Ready = "ready";
    public const string Confirmed = "confirmed";
    public const string PasswordChanged = "password-changed";
    public const string Deleted = "deleted";
    public const string Saved = "saved";
    public const string PasswordSet = "password-set";
    public const string AddressChanged = "address-changed";
    public const string SignedOutThere = "signed-out-there";
    public const string SignedOut = "signed-out";

    /// <summary>Null for a word that is not one of these.</summary>
    public static string? InWords(string? notice) =>
        notice switch
        {
            Ready => Say("Your account is ready. Sign in with it."),
            Confirmed => Say("Your address is confirmed, and you are signed in."),
            PasswordChanged => Say("Your password is changed. Sign in with it."),
            Deleted => Say("Your account is deleted."),
            Saved => Say("Saved."),
            PasswordSet => Say("Your password is changed. Everybody else is signed out."),
            AddressChanged => Say("Your address is changed. Everybody else is signed out."),
            SignedOutThere => Say("Signed out there."),
            SignedOut => Say("You are signed out."),
            _ => null,
        };
}
