using System.Text.Json.Nodes;

namespace AuthServer.Tests.Clients;

public class ClientSettingsTests
{
    // Each is the client below but for one thing; null takes a setting away.
    public static TheoryData<string, string> ClientMistakes { get; } =
        new()
        {
            { """ "ClientId": "" """, "Clients:0:ClientId is missing" },
            { """ "ClientId": "web app" """, "Clients:0:ClientId must be at most 100 visible ASCII" },
            { """ "ClientId": "caf\u00e9" """, "Clients:0:ClientId must be at most 100 visible ASCII" },
            { """ "ClientId": "web\u0000" """, "Clients:0:ClientId must be at most 100 visible ASCII" },
            { """ "Type": "Public" """, "Clients:0:Type 'Public' is not a client type" },
            { """ "Type": "public" """, "Clients:0:Type is 'public', yet there is a ClientSecret" },
            { """ "ClientSecret": "" """, "Clients:0:ClientSecret is shorter than 32" },
            { """ "ClientSecret": "hunter2" """, "Clients:0:ClientSecret is shorter than 32" },
            { """ "Type": "confidential", "ClientSecret": null """, "Clients:0:ClientSecret is missing" },
            {
                """ "ClientId": "a-client-id-of-32-characters-0001", "ClientSecret": "a-client-id-of-32-characters-0001" """,
                "Clients:0:ClientSecret equals the client id"
            },
            { """ "DisplayName": "Bank\u202E" """, "Clients:0:DisplayName must be" },
            {
                """ "GrantTypes": ["authorization_code", "implicit"] """,
                "Clients:0:GrantTypes:1 'implicit' is not"
            },
            { """ "GrantTypes": ["password"] """, "Clients:0:GrantTypes:0 'password' is not offered" },
            { """ "GrantTypes": [], "Introspection": false """, "Clients:0:GrantTypes is empty and" },
            { """ "GrantTypes": ["refresh_token"] """, "Clients:0:GrantTypes has refresh_token alone" },
            { """ "GrantTypes": ["authorization_code"] """, "Clients:0:Scopes has 'offline_access'" },
            {
                """ "GrantTypes": ["client_credentials"] """,
                "Clients:0:RedirectUris and PostLogoutRedirectUris"
            },
            { """ "GrantTypes": ["client_credentials"] """, "Clients:0:Scopes:0 'openid' is about a person" },
            { """ "Scopes": ["openid"] """, "Clients:0:Scopes lacks 'offline_access'" },
            {
                """ "Scopes": ["openid", "offline_access", "orders.wirte"] """,
                "Clients:0:Scopes:2 'orders.wirte' is"
            },
            { """ "Scopes": "openid" """, "Clients:0:Scopes must be a list of texts" },
            { """ "RedirectUris": [] """, "Clients:0:RedirectUris is empty: authorization_code needs" },
            {
                """ "RedirectUris": ["http://app.example/"] """,
                "Clients:0:RedirectUris:0 'http://app.example/' is sent"
            },
            {
                """ "PostLogoutRedirectUris": ["javascript:1"] """,
                "Clients:0:PostLogoutRedirectUris:0 'javascript:1'"
            },
            {
                """ "RedirectUrls": ["https://app.example/"] """,
                "Clients:0:RedirectUrls is not a known setting"
            },
            { """ "RequirePkce": "no" """, "Clients:0:RequirePkce must be true or false" },
            {
                """ "RequirePkce": [] , "DisplayName": ["x"] """,
                "Clients:0:DisplayName must be a single value"
            },
            {
                """ "IdTokenSigningAlgorithm": "HS256" """,
                "Clients:0:IdTokenSigningAlgorithm 'HS256' is not"
            },
            {
                """ "RequirePkce": false, "Scopes": ["offline_access", "orders.read"] """,
                "Clients:0:RequirePkce may be false only"
            },
            { """ "RequirePkce": false, "ClientSecret": null """, "Clients:0:RequirePkce may be false only" },
            { """ "Introspection": true, "ClientSecret": null """, "Clients:0:Introspection needs a client" },
            {
                """ "GrantTypes": ["client_credentials"], "ClientSecret": null """,
                "Clients:0:GrantTypes has client_credentials"
            },
            {
                """ "GrantTypes": [], "RequirePushedAuthorization": true """,
                "Clients:0:RequirePushedAuthorization is of no use"
            },
        };

    public static TheoryData<string, string> ListMistakes { get; } =
        new()
        {
            { """ "Clients": "spa" """, "Clients must be a list" },
            { """ "Clients": ["spa"] """, "Clients:0 must be an object" },
            {
                """ "Apis": [{ "Name": "a", "Scopes": ["a.b"], "Scope": "x" }] """,
                "Apis:0:Scope is not a known"
            },
            { """ "Apis": [{ "Scopes": ["a.b"] }] """, "Apis:0:Name must be 1 to 100 visible" },
            { """ "Apis": [{ "Name": "a" }] """, "Apis:0:Scopes is empty" },
            {
                """ "Apis": [{ "Name": "a", "Scopes": ["a b"] }] """,
                "Apis:0:Scopes:0 must be 1 to 100 visible"
            },
            {
                """ "Apis": [{ "Name": "a", "Scopes": ["a\"b"] }] """,
                "Apis:0:Scopes:0 must be 1 to 100 visible"
            },
            { """ "Apis": [{ "Name": "a", "Scopes": ["email"] }] """, "Apis:0:Scopes:0 'email' is built in" },
            {
                """ "Apis": [{ "Name": "a", "Scopes": ["a.b"] }, { "Name": "a", "Scopes": ["a.c"] }] """,
                "Apis:1:Name 'a' is given to another API"
            },
            {
                """ "Apis": [{ "Name": "a", "Scopes": ["x"] }, { "Name": "b", "Scopes": ["x"] }] """,
                "Apis:1:Scopes:0 'x' belongs to the API 'a' already"
            },
            {
                """ "Apis": [{ "Name": "a", "Scopes": ["x"], "SigningAlgorithm": "none" }] """,
                "Apis:0:SigningAlgorithm 'none' is not an algorithm"
            },
        };

    [Theory]
    [MemberData(nameof(ClientMistakes))]
    public void A_mistake_in_a_client_is_told_by_its_path(string change, string sentence)
    {
        var mistakes = Configured.Mistakes($$"""{ "Clients": [{{Client(change)}}], {{Configured.Apis}} }""");

        Assert.Contains(mistakes, mistake => mistake.StartsWith(sentence, StringComparison.Ordinal));
        Assert.All(mistakes, mistake => Assert.EndsWith(".", mistake, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ListMistakes))]
    public void A_mistake_in_a_list_is_told_by_its_path(string lists, string sentence)
    {
        var mistakes = Configured.Mistakes($$"""{ {{lists}} }""");

        Assert.StartsWith(sentence, Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_client_of_these_tests_has_no_mistake()
    {
        Assert.Empty(Configured.Mistakes($$"""{ "Clients": [{{Client("")}}], {{Configured.Apis}} }"""));
    }

    [Theory]
    [Trait("Requirement", "C-30")]
    [InlineData("4f9f2f4e-7f0c-4be4-8a3c-0d9f6f7d1a11")]
    [InlineData("4F9F2F4E-7F0C-4BE4-8A3C-0D9F6F7D1A11")]
    [InlineData("4f9f2f4e7f0c4be48a3c0d9f6f7d1a11")]
    [InlineData("{4f9f2f4e-7f0c-4be4-8a3c-0d9f6f7d1a11}")]
    public void A_client_id_that_looks_like_the_id_of_a_person_is_refused(string id)
    {
        var mistakes = Configured.Mistakes(
            $$"""{ "Clients": [{{Client($"\"ClientId\": \"{id}\"")}}], {{Configured.Apis}} }"""
        );

        Assert.StartsWith(
            $"Clients:0:ClientId '{id}' looks like the id of a person",
            Assert.Single(mistakes),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Two_clients_cannot_have_one_id()
    {
        var mistakes = Configured.Mistakes(
            $$"""{ "Clients": [{{Client("")}}, {{Client("")}}], {{Configured.Apis}} }"""
        );

        Assert.StartsWith(
            "Clients:1:ClientId 'web' is given to another client",
            Assert.Single(mistakes),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_api_cannot_have_the_name_of_a_client_that_gets_id_tokens()
    {
        var mistakes = Configured.Mistakes(
            $$"""{ "Clients": [{{Client("\"ClientId\": \"orders-api\"")}}], {{Configured.Apis}} }"""
        );

        Assert.StartsWith(
            "Apis:0:Name 'orders-api' is also a client",
            Assert.Single(mistakes),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var mistakes = Configured.Mistakes(
            $$"""
            {
              "Clients": [
                {{Client("\"GrantTypes\": [\"implicit\"], \"ClientSecret\": \"short\"")}},
                {{Client(
                "\"ClientId\": \"other\", \"RedirectUris\": [\"https://*.example/\", \"file:///x\"]"
            )}}
              ],
              {{Configured.Apis}}
            }
            """
        );

        Assert.Contains(
            mistakes,
            mistake => mistake.StartsWith("Clients:0:GrantTypes:0", StringComparison.Ordinal)
        );
        Assert.Contains(
            mistakes,
            mistake => mistake.StartsWith("Clients:0:ClientSecret", StringComparison.Ordinal)
        );
        Assert.Contains(
            mistakes,
            mistake => mistake.StartsWith("Clients:1:RedirectUris:0", StringComparison.Ordinal)
        );
        Assert.Contains(
            mistakes,
            mistake => mistake.StartsWith("Clients:1:RedirectUris:1", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void No_mistake_repeats_a_secret()
    {
        var mistakes = Configured.Mistakes(
            $$"""{ "Clients": [{{Client("\"ClientSecret\": \"hunter2\", \"Type\": \"public\"")}}], {{Configured.Apis}} }"""
        );

        Assert.NotEmpty(mistakes);
        Assert.DoesNotContain(mistakes, mistake => mistake.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void The_safe_choice_is_the_default()
    {
        var client = Configured.From("""{ "Clients": [{ "ClientId": "spa" }] }""").Clients[0].Settings;

        Assert.False(client.IsConfidential);
        Assert.False(client.MayIntrospect);
        Assert.True(client.RequireConsent);
        Assert.True(client.RequirePkce);
        Assert.False(client.UserClaimsInIdToken);
    }

    // A later setting of the same name would be refused by JSON readers, so the change takes its place.
    private static string Client(string change)
    {
        var client = new JsonObject
        {
            ["ClientId"] = "web",
            ["ClientSecret"] = Configured.Secret,
            ["GrantTypes"] = new JsonArray("authorization_code", "refresh_token"),
            ["RedirectUris"] = new JsonArray("https://app.example/callback"),
            ["Scopes"] = new JsonArray("openid", "offline_access", "orders.read"),
        };
        foreach (var (key, value) in JsonNode.Parse($$"""{ {{change}} }""")!.AsObject())
        {
            client[key] = value?.DeepClone();
        }

        return client.ToJsonString();
    }
}
