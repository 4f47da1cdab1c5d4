using BlazorChat.Accounts.Naming;
using BlazorChat.Common;
using BlazorChat.Common.Names;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using BlazorChat.Data.Entities.Rooms;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorChat.Tests.Accounts.Naming;

/// <summary>Handles of people and bots on a real node.</summary>
public sealed class HandleTests(TestSite site) : IClassFixture<TestSite>
{
    [Fact]
    public async Task Setup_registration_and_bot_creation_make_handles_from_names()
    {
        using var first = await site.JoinAsync("Handle Maker");
        using var second = await site.JoinAsync("Handle, Maker!");
        var bot = await site.AddBotAsync("Deploy Bot");

        Assert.Equal("ada", await site.HandleOfAsync(site.Ada.Id));
        Assert.Equal("handle-maker", await site.HandleOfAsync(first.Id));
        Assert.Equal("handle-maker2", await site.HandleOfAsync(second.Id));
        Assert.Equal("deploy-bot", await site.HandleOfAsync(bot.Id));
    }

    [Fact]
    public async Task A_person_changes_their_handle_on_the_account_page()
    {
        using var kim = await site.JoinAsync("Kim Changes");

        using var changed = await kim.SubmitAsync("account/manage", "handle", ("Handle.Value", "@Kim.Two"));

        var page = await FormClient.ReadAsync(changed);
        Assert.Equal("Your handle is changed.", page.QuerySelector(".done")!.TextContent);
        Assert.Equal("kim.two", page.QuerySelector("#handle")!.GetAttribute("value"));
        Assert.Equal("kim.two", await site.HandleOfAsync(kim.Id));
        // The form of the name leaves the handle.
        using var renamed = await kim.SubmitAsync("account/manage", "name", ("Name.Value", "Kim Renamed"));
        Assert.Equal("kim.two", await site.HandleOfAsync(kim.Id));
    }

    [Theory]
    [InlineData("ada", "The handle ada is taken. Choose another one.")]
    [InlineData("ADA", "The handle ada is taken. Choose another one.")]
    [InlineData("wil1iam", "The handle wil1iam looks like william, which is taken. Choose another one.")]
    [InlineData("everyone", "The handle everyone is reserved. Choose another one.")]
    [InlineData("аdа", "The handle аdа mixes letters of different scripts, which can look the same. Use one of them.")]
    [InlineData("x", "A handle has 2 to 30 characters.")]
    [InlineData("エ藤", "The handle エ藤 looks like 工藤, which is taken. Choose another one.")]
    [InlineData("\u3164\u3164", "The handle \u1160\u1160 can't be used: a handle has letters and digits, with single dots, dashes and underscores between them.")]
    public async Task A_handle_that_cannot_be_had_is_refused_by_name(string handle, string reason)
    {
        // The first William keeps the handle.
        using var william = await site.JoinAsync("William");
        using var kudo = await site.JoinAsync("工藤");
        using var zoe = await site.JoinAsync("Zoe Wants");
        var before = await site.HandleOfAsync(zoe.Id);

        using var refused = await zoe.SubmitAsync("account/manage", "handle", ("Handle.Value", handle));

        Assert.Equal(reason, await FormClient.ReadErrorAsync(refused));
        Assert.Equal(before, await site.HandleOfAsync(zoe.Id));
    }

    [Fact]
    public async Task Of_two_people_who_want_a_handle_at_once_one_gets_it()
    {
        await using var node = await TestDatabase.CreateAsync();
        var (ada, zoe) = (await node.AddPersonAsync("Ada"), await node.AddPersonAsync("Zoe"));
        var handles = ActivatorUtilities.CreateInstance<HandleChange>(node.Services);

        var answers = await Task.WhenAll(new[] { ada, zoe }.Select(async person =>
        {
            try
            {
                return await handles.ChangeAsync(person, "wanted", default);
            }
            catch (RefusedException refused)
            {
                return refused.Message;
            }
        }));

        Assert.Equal(["The handle wanted is taken. Choose another one.", "wanted"], answers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task People_and_rooms_of_the_first_version_can_be_mentioned_after_its_migration()
    {
        var folder = Node.NewDataFolder();
        await using (var first = new DirectDatabase(folder))
        {
            await first.Db.GetService<IMigrator>().MigrateAsync(first.Db.Database.GetMigrations().First());
            await first.Db.Database.ExecuteSqlRawAsync("""
                INSERT INTO "AspNetUsers" ("DisplayName", "SearchName", "NameKey", "NameShape", "CreatedAt", "IsBot", "EmailConfirmed",
                    "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount")
                VALUES ('Ada L', 'ada l', 'ADA L', 'ada 1', '2026-01-01', 0, 0, 0, 0, 0, 0), ('Ada (L)', 'ada (l)', 'ADA (L)', 'ada (1)', '2026-01-01', 0, 0, 0, 0, 0, 0);
                INSERT INTO "Rooms" ("Name", "NormalizedName", "SearchName", "NameKey", "NameShape", "NameVersion", "Kind", "IsDefault", "LastSequence",
                    "LastRevision", "CreatedAt")
                VALUES ('Front-end Team', 'FRONT-END TEAM', 'front-end team', 'FRONT-END TEAM', 'fr0nt-end team', 0, 0, 0, 0, 0, '2026-01-01');
                """);
            await DatabaseStartup.MigrateAsync(first.Db, NullLogger.Instance);
        }

        await new HandleAssignment(new InterceptedDatabase(folder, new CommandLog())).StartAsync(default);

        await using var database = new DirectDatabase(folder);
        Assert.Equal(["ada-l", "ada-l2"], await database.Db.Users.OrderBy(user => user.Id).Select(user => user.Handle).ToListAsync());
        Assert.Equal(Room.LinkKeyOf("Front-end Team"), await database.Db.Rooms.Select(room => room.LinkKey).SingleAsync());
    }

    [Fact]
    public async Task Names_and_handles_of_an_earlier_version_are_compared_by_the_rules_of_this_one()
    {
        var folder = Node.NewDataFolder();
        await using (var earlier = new DirectDatabase(folder))
        {
            var before = earlier.Db.Database.GetMigrations().TakeWhile(migration => !migration.EndsWith("_EastAsianNames", StringComparison.Ordinal)).Last();
            await earlier.Db.GetService<IMigrator>().MigrateAsync(before);
            await earlier.Db.Database.ExecuteSqlRawAsync("""
                INSERT INTO "AspNetUsers" ("DisplayName", "SearchName", "NameKey", "NameShape", "Handle", "HandleShape", "CreatedAt", "IsBot",
                    "EmailConfirmed", "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount")
                VALUES ('工藤', '工藤', '工藤', '工藤', '工藤', '工藤', '2026-01-01', 0, 0, 0, 0, 0, 0),
                    ('エ藤', 'エ藤', 'エ藤', 'エ藤', 'エ藤', 'エ藤', '2026-01-01', 0, 0, 0, 0, 0, 0),
                    ('Filler', 'filler', 'FILLER', 'fi11er', 'ᅠᅠ', 'ᅠᅠ', '2026-01-01', 0, 0, 0, 0, 0, 0);
                INSERT INTO "Rooms" ("Name", "NormalizedName", "SearchName", "NameKey", "NameShape", "LinkKey", "Topic", "Description", "Version", "Kind",
                    "OnlyOwnersMentionRoom", "IsDefault", "LastSequence", "LastRevision", "CreatedAt")
                VALUES ('工房', '工房', '工房', '工房', '工房', '工房', '', '', 0, 0, 0, 0, 0, 0, '2026-01-01'),
                    ('エ房', 'エ房', 'エ房', 'エ房', 'エ房', 'エ房', '', '', 0, 0, 0, 0, 0, 0, '2026-01-01'),
                    ('カ', 'カ', 'カ', 'カ', 'カ', 'カ', '', '', 0, 0, 0, 0, 0, 0, '2026-01-01');
                """);
            await DatabaseStartup.MigrateAsync(earlier.Db, NullLogger.Instance);
        }

        await new HandleAssignment(new InterceptedDatabase(folder, new CommandLog())).StartAsync(default);

        await using var database = new DirectDatabase(folder);
        var people = await database.Db.Users.OrderBy(user => user.Id).ToListAsync();
        // The older account keeps its handle.
        Assert.Equal(["工藤", "エ藤2", "filler"], people.Select(person => person.Handle));
        Assert.All(people, person => Assert.Equal(NameForms.Of(person.Handle).Shape, person.HandleShape));
        Assert.Equal(["工藤", "エ藤", "Filler"], people.Select(person => person.DisplayName));
        Assert.Equal(NameForms.Of("エ藤").Shape, people[0].NameShape);
        var rooms = await database.Db.Rooms.OrderBy(room => room.Id).ToListAsync();
        Assert.Equal((NameForms.Of("エ房").Shape, NameForms.Of("力").Shape), (rooms[0].NameShape, rooms[2].NameShape));
        // Of two names that look the same now, both stay.
        Assert.Equal(6, people.Select(person => person.NameShape).Concat(rooms.Select(room => room.NameShape)).Distinct().Count());
    }

    [Fact]
    public async Task People_of_an_earlier_version_get_handles_at_the_start_of_two_nodes()
    {
        await using var node = await TestDatabase.CreateAsync();
        await node.AddPersonAsync("Ada");
        await using (var db = await node.OpenAsync())
        {
            for (var i = 0; i < 450; i++)
                db.Add(new ChatUser { UserName = $"{i}", NormalizedUserName = $"{i}", DisplayName = $"Ada {(char)('가' + i)}!" });
            await db.SaveChangesAsync();
        }

        await Task.WhenAll(Start(node.Services), Start(node.Services));

        await using var after = await node.OpenAsync();
        var handles = await after.Users.Select(user => user.Handle).ToListAsync();
        Assert.All(handles, handle => Assert.Null(HandleText.FindProblem(handle)));
        Assert.Contains("ada", handles);
        Assert.Contains("ada-가", handles);
        Assert.Equal(451, handles.Distinct().Count());

        static Task Start(IServiceProvider services) => Task.Run(() => ActivatorUtilities.CreateInstance<HandleAssignment>(services).StartAsync(default));
    }
}
