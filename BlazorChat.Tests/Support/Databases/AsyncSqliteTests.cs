using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace BlazorChat.Tests.Support.Databases;

public sealed class AsyncSqliteTests
{
    [Fact]
    public async Task No_command_of_a_component_completes_before_its_caller_has_returned()
    {
        Assert.SkipUnless(AsyncSqlite.IsOn, "The synchronous database was asked for.");
        await using var site = await TestDatabase.CreateAsync();
        await using var db = await site.OpenAsync();

        await Dispatcher.CreateDefault().InvokeAsync(async () =>
        {
            await ExpectLaterAsync(db.Database.OpenConnectionAsync());
            await ExpectLaterAsync(db.Users.AnyAsync());
            await ExpectLaterAsync(db.Users.ExecuteDeleteAsync());
            var starting = db.Database.BeginTransactionAsync();
            await ExpectLaterAsync(starting);
            await ExpectLaterAsync((await starting).CommitAsync());
        });

        static Task ExpectLaterAsync(Task task)
        {
            Assert.False(task.IsCompleted);
            return task;
        }
    }
}
