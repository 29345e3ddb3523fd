from labeltool.cli.main import main

main()
