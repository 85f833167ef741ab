using Microsoft.AspNetCore.Identity;

namespace AuthServer.Data;

/// <summary>A person who may sign in. <c>Id</c> is the <c>sub</c> of every token and is never given to anybody else.</summary>
internal sealed class Account : IdentityUser
{
    /// <summary>The name people see, 2 to 100 characters.</summary>
    [ProtectedPersonalData]
    public string Name { get; set; } = "";

    /// <summary>The language of their letters and pages, as BCP 47 names it; null for the browser's.</summary>
    public string? Language { get; set; }

    /// <summary>Names the one link for a new password that is good: the last one mailed. Null when none is.</summary>
    public string? ResetId { get; set; }

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>UTC; set by an operator. A disabled account neither signs in nor refreshes.</summary>
    public DateTime? DisabledAt { get; set; }
}
