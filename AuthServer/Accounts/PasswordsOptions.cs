namespace AuthServer.Accounts;

/// <summary>The section <c>Passwords</c>: what a password must be, and what it costs to try one.</summary>
internal sealed class PasswordsOptions
{
    /// <summary><c>Default</c> or <c>Nist</c> (SP 800-63B-4: longer, and no rule about kinds of characters).</summary>
    public string Profile { get; set; } = "Default";

    /// <summary>4 to 31; each step doubles the time. 12 is a quarter of a second on one core.</summary>
    public int BcryptCost { get; set; } = 12;

    /// <summary>How many passwords are hashed at once, at least 1; by default all cores but one, so that the rest goes on.</summary>
    public int HashConcurrency { get; set; } = Math.Max(1, Environment.ProcessorCount - 1);

    public bool IsNist => string.Equals(Profile, "Nist", StringComparison.OrdinalIgnoreCase);

    public bool IsKnownProfile =>
        IsNist || string.Equals(Profile, "Default", StringComparison.OrdinalIgnoreCase);
}
