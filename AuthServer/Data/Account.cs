using Microsoft.AspNetCore.Identity;

namespace AuthServer.Data;

/// <summary>A person who may sign in. <c>Id</c> is the <c>sub</c> of every token and is never given to anybody else.</summary>
internal sealed class Account : IdentityUser
{
    /// <summary>The name people see, 2 to 100 characters.</summary>
    [ProtectedPersonalData]
    public string Name { get; set; } = "";

    /// <summary>UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>UTC; set by an operator. A disabled account neither signs in nor refreshes.</summary>
    public DateTime? DisabledAt { get; set; }
}
