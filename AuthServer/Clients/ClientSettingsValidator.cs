using Microsoft.Extensions.Options;

namespace AuthServer.Clients;

/// <summary>Lets the server start only with clients and APIs that make sense; says everything that does not, at once.</summary>
internal sealed class ClientSettingsValidator : IValidateOptions<ClientsOptions>
{
    public ValidateOptionsResult Validate(string? name, ClientsOptions options)
    {
        var scopes = options
            .Apis.SelectMany(api => api.Settings.Scopes)
            .Concat(ApiSettingsRules.BuiltInScopes);
        List<string> mistakes =
        [
            .. options.Misread,
            .. ApiSettingsRules.Mistakes(options),
            .. RepeatedIds(options),
            .. TokensMistakenForAnother(options),
            .. options.Clients.SelectMany(client =>
                ClientSettingsRules.Mistakes(client.Path, client.Settings, scopes.ToHashSet())
            ),
        ];
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> RepeatedIds(ClientsOptions options) =>
        options
            .Clients.Where(client => client.Settings.ClientId.Length > 0)
            .GroupBy(client => client.Settings.ClientId)
            .SelectMany(clients => clients.Skip(1))
            .Select(client =>
                $"{client.Path}:ClientId '{client.Settings.ClientId}' is given to another client already: rename one of them."
            );

    // The 'aud' of an ID token is the client, that of an access token the API: the same word on both would let an
    // API that does not look at 'typ' take one for the other.
    private static IEnumerable<string> TokensMistakenForAnother(ClientsOptions options)
    {
        var readers = options
            .Clients.Where(client => client.Settings.Uses(GrantType.AuthorizationCode))
            .Select(client => client.Settings.ClientId)
            .ToHashSet();
        return options
            .Apis.Where(api => readers.Contains(api.Settings.Name))
            .Select(api =>
                $"{api.Path}:Name '{api.Settings.Name}' is also a client that gets ID tokens, which the API could take for access tokens: rename one of them."
            );
    }
}
