using AuthServer.Data;
using Microsoft.Extensions.Options;

namespace AuthServer.Accounts;

/// <summary>
/// Makes the accounts of the section <c>Users</c> at start, for development. One that exists is left as it is.
/// </summary>
internal sealed partial class UserSeed(
    IOptions<UsersOptions> options,
    Lazy<AccountRules> rules,
    Lazy<Registration> registration,
    ILogger<UserSeed> logger
)
{
    /// <summary>Adds those who are not there yet, their addresses confirmed.</summary>
    /// <exception cref="StartupException">One breaks a rule.</exception>
    public async Task RunAsync()
    {
        foreach (var (i, person) in options.Value.People.Index())
        {
            await AddAsync(person, i);
        }
    }

    private async Task AddAsync(NewAccount person, int index)
    {
        var errors = rules.Value.Broken(person);
        if (errors.Count > 0 || !EmailAddress.TryParse(person.Email, out var address))
        {
            var told = errors.Select(field => $"{field.Key}: {string.Join(' ', field.Value)}");
            throw new StartupException(
                $"Users:{index} breaks the rules of an account. {string.Join(' ', told)}"
            );
        }

        if (await registration.Value.AddConfirmedAsync(person, address, CancellationToken.None))
        {
            Log.Added(logger, index);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Made the account of Users:{Index}")]
        public static partial void Added(ILogger logger, int index);
    }
}
