using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Accounts.Registration;

public sealed class FirstRunTests
{
    [Fact]
    public async Task Every_page_and_nothing_else_redirects_to_the_setup()
    {
        await using var node = await HostedNode.StartAsync();
        using var anonymous = new FormClient(node.Address);

        foreach (var page in new[] { "", "rooms/1", "account/login", "account/register", "join/x" })
        {
            using var response = await anonymous.GetAsync(page);
            Assert.Equal("/setup", response.Headers.Location?.OriginalString);
        }

        foreach (var other in new[] { "health/live", "health/ready", "css/theme.css", "setup" })
        {
            using var response = await anonymous.GetAsync(other);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Twenty_concurrent_setups_on_two_nodes_create_one_admin_and_one_room()
    {
        var data = Node.NewDataFolder();
        await using var one = await HostedNode.StartAsync(data);
        await using var two = await HostedNode.StartAsync(data);
        var clients = Enumerable.Range(0, 20).Select(i => new FormClient((i % 2 == 0 ? one : two).Address)).ToArray();

        var forms = await Task.WhenAll(clients.Select((client, i) => client.FillInAsync(
            "setup",
            "new-account",
            ("Account.Name", $"Admin {i}"), ("Account.Email", $"admin{i}@example.org"), ("Account.Password", FormClient.Password))));

        var responses = await Task.WhenAll(forms.Select(send => send()));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Redirect);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.Redirect))
            Assert.Contains("is set up already", (await FormClient.ReadAsync(refused)).Body!.TextContent, StringComparison.Ordinal);
        await using var database = new SqliteConnection($"Data Source={Path.Combine(data, "blazorchat.db")};Mode=ReadOnly");
        await database.OpenAsync();
        foreach (var table in new[] { "AspNetUsers", "AspNetUserRoles", "Rooms", "Memberships", "Invitations" })
        {
            await using var count = database.CreateCommand();
            count.CommandText = $"SELECT COUNT(*) FROM {table}";
            Assert.Equal(1L, await count.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task A_bad_address_or_password_is_explained_and_no_input_is_lost()
    {
        await using var node = await HostedNode.StartAsync();
        using var anonymous = new FormClient(node.Address);

        using var response = await anonymous.SubmitAsync(
            "setup", "new-account", ("Account.Name", "Ada"), ("Account.Email", "no address"), ("Account.Password", "short"));

        var page = await FormClient.ReadAsync(response);
        Assert.Contains("This is not an email address.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("A password has 8 to 256 characters.", page.Body.TextContent, StringComparison.Ordinal);
        Assert.Equal("Ada", page.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal("no address", page.QuerySelector("#email")!.GetAttribute("value"));
    }

    [Fact]
    public async Task After_the_account_the_admin_names_the_site_and_the_first_room_says_what_to_know()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        using var created = await ada.SubmitAsync(
            "setup", "new-account", ("Account.Name", "Ada"), ("Account.Email", "ada@example.org"), ("Account.Password", FormClient.Password));
        Assert.EndsWith("setup/site", created.Headers.Location!.OriginalString, StringComparison.Ordinal);

        using var refused = await ada.SubmitAsync("setup/site", "name-site", ("Name", "\u200b"));
        Assert.NotEmpty((await FormClient.ReadAsync(refused)).QuerySelector("#site-error")!.TextContent);
        using var named = await ada.SubmitAsync("setup/site", "name-site", ("Name", "Harbor"));
        using var again = await ada.SubmitAsync("setup/site", "name-site", ("Name", ""), ("Skip", "true"));

        Assert.EndsWith("admin/invitations", named.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.EndsWith("admin/invitations", again.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal("Invitations · Harbor", (await ada.GetPageAsync("admin/invitations")).Title);
        await using var database = new DirectDatabase(node.DataFolder);
        var message = await database.Db.Messages.SingleAsync();
        Assert.Equal(["Mention", "Reply in a thread", "Format", "Ctrl+K"], Regex.Matches(message.Html!, "<strong>(.*?)</strong>").Select(match => match.Groups[1].Value));
    }

    [Fact]
    public async Task A_skipped_name_leaves_that_of_the_product_and_the_message_is_in_the_language_of_the_admin()
    {
        await using var node = await HostedNode.StartAsync();
        using var ada = new FormClient(node.Address);
        var invitation = await ada.SetUpAsync();
        using var chosen = await ada.SubmitAsync("account/manage", "language", ("Choice", "ko"));

        using var skipped = await ada.SubmitAsync("setup/site", "name-site", ("Skip", "true"));

        Assert.EndsWith("admin/invitations", skipped.Headers.Location!.OriginalString, StringComparison.Ordinal);
        await using var database = new DirectDatabase(node.DataFolder);
        Assert.StartsWith("환영해요!", (await database.Db.Messages.SingleAsync()).Markdown, StringComparison.Ordinal);
        using var zoe = new FormClient(node.Address);
        using var joined = await zoe.JoinAsync(invitation, "Zoe");
        using var denied = await zoe.GetAsync("setup/site");
        Assert.Equal(HttpStatusCode.Redirect, denied.StatusCode);
    }
}
