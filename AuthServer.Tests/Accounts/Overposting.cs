namespace AuthServer.Tests.Accounts;

/// <summary>What somebody who knows our tables would like to set.</summary>
internal static class Overposting
{
    public static IReadOnlyDictionary<string, string> Fields { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Id"] = "00000000-0000-0000-0000-000000000001",
            ["UserId"] = "00000000-0000-0000-0000-000000000001",
            ["sub"] = "00000000-0000-0000-0000-000000000001",
            ["UserName"] = "root@example.org",
            ["NormalizedUserName"] = "ROOT@EXAMPLE.ORG",
            ["NormalizedEmail"] = "ROOT@EXAMPLE.ORG",
            ["EmailConfirmed"] = "true",
            ["emailConfirmed"] = "true",
            ["email_verified"] = "true",
            ["PasswordHash"] = "bcrypt-1:x",
            ["SecurityStamp"] = "planted",
            ["ConcurrencyStamp"] = "planted",
            ["PhoneNumber"] = "+15550100",
            ["PhoneNumberConfirmed"] = "true",
            ["TwoFactorEnabled"] = "true",
            ["LockoutEnd"] = "2099-01-01",
            ["LockoutEnabled"] = "false",
            ["AccessFailedCount"] = "-100",
            ["CreatedAt"] = "1999-01-01",
            ["DisabledAt"] = "1999-01-01",
            ["Account.EmailConfirmed"] = "true",
            ["Form.EmailConfirmed"] = "true",
            ["Input.EmailConfirmed"] = "true",
            ["Role"] = "admin",
            ["Roles"] = "admin",
            ["roles[0]"] = "admin",
            ["IsAdmin"] = "true",
            ["Claims"] = "admin",
            ["Claims[0].Type"] = "role",
            ["RequireConfirmedEmail"] = "false",
        };
}
