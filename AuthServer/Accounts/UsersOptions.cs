using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>The list <c>Users</c> of the configuration: people to begin with, in Development.</summary>
internal sealed class UsersOptions
{
    private static readonly string[] Names =
    [
        nameof(NewAccount.Email),
        nameof(NewAccount.Password),
        nameof(NewAccount.Name),
    ];

    public IReadOnlyList<NewAccount> People { get; private set; } = [];

    /// <summary>A sentence for everything that is no setting of a person.</summary>
    public IReadOnlyList<string> Misread { get; private set; } = [];

    public void Read(IConfiguration configuration)
    {
        var entries = configuration.GetSection("Users").GetChildren().ToList();
        Misread =
        [
            .. entries
                .SelectMany(entry => entry.GetChildren())
                .Where(setting => !Names.Hold(setting.Key))
                .Select(setting => SettingNames.Unknown(setting, Names)),
        ];
        People = [.. entries.Select(entry => entry.Get<NewAccount>() ?? new NewAccount())];
    }
}

/// <summary>Refuses to start with misspelt people, and outside Development with any.</summary>
internal sealed class UsersOptionsCheck(IHostEnvironment environment) : IValidateOptions<UsersOptions>
{
    public ValidateOptionsResult Validate(string? name, UsersOptions options) =>
        options.People.Count > 0 && !environment.IsDevelopment()
            ? ValidateOptionsResult.Fail(
                "Users are for Development only, because everybody who reads the configuration knows their passwords: remove the section Users."
            )
        : options.Misread.Count > 0 ? ValidateOptionsResult.Fail(options.Misread)
        : ValidateOptionsResult.Success;
}
